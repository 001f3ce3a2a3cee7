import type { Lexicon } from './lexicon.ts';

/** German. Umlauts are folded to their vowel ("können" is `konnen`), ß to ss. */
export const german: Lexicon = {
  lang: 'de',
  classes: {
    service:
      'seite|webseite|website|server|dienst|dienste|app|system|systeme|netz|plattform|portal|login|anmeldung|sync|synchronisierung|cloud|api|service|internet|mail|webseiten|homepage',
    verb: 'einloggen|anmelden|offnen|laden|speichern|synchronisieren|herunterladen|installieren|nutzen|zugreifen|verbinden|senden|sehen|bezahlen|exportieren|teilen|aufrufen|starten|erreichen',
    data: 'daten|notizen|dateien|fotos|dokumente|nachrichten|kontakte|arbeit',
  },
  ignore:
    'kein problem; keine probleme; ohne probleme|problem; gar kein problem; dank der|des; guten morgen|tag|abend; gute nacht|besserung; vielen dank im voraus; danke im voraus',
  categories: {
    outage: {
      3: '$service ist|sind|scheint|liegt _ down|offline|tot|weg|ausgefallen|gestort|lahm|uberlastet; $service nicht|nicht erreichbar; nicht erreichbar; ausgefallen; totalausfall; serverausfall; grossstorung; ist _ down; sind _ down; noch jemand _ probleme|schwierigkeiten|nicht|mit; bei euch auch; nur bei mir _ oder|so|nicht; geht _ garnichts|nichts mehr; down bei; nichts geht mehr; wieder down',
      2: 'ausfall|ausfalle; storung|storungen; komme|kommen|kommt _ nicht|nimmer _ rein|drauf|drin|ran; kein|keinen|keine zugriff|verbindung|zugang; server down|weg; nicht verfugbar; keiner kann; niemand kann; wartungsarbeiten',
      1: 'down; seit heute|stunden|#|gestern; wartung; verbindung*; erreichbar',
    },
    security: {
      3: 'datenleck*|datenpanne*|datendiebstahl; sicherheitslucke*|schwachstelle*; konto|account|accounts _ gehackt|gekapert|gestohlen; gehackt; unbefugt*; zugangsdaten _ geleakt|offentlich|gestohlen|sichtbar; passwort*|passworter _ im klartext; daten _ offentlich|geleakt|gestohlen|einsehbar; fremde* _ $data|konto|zugriff',
      2: 'betrug*|betruger*; hacker*; angriff; geleakt; abgebucht ohne; datenschutz*; missbrauch*',
      1: 'sicherheit; sicherheits*; passwort*; virus',
    },
    churn: {
      3: 'kundig*|gekundigt; kundigung*; wechsle|wechseln|wechsel|gewechselt _ zu|zur|anbieter; zur|zu konkurrenz|mitbewerber; nie wieder; bin weg|raus; abo _ beend*|storniert|gekundigt; konto|account _ loschen|geloscht|schliessen; letztes|letzte mal; geld zuruck; steige* _ um; umgestiegen; ich gehe; nicht verlanger*',
      2: 'deinstallier*; such* _ alternative*; alternative* zu|fur; reicht _ mir|es|jetzt; schnauze|nase voll; konkurrenz; kunde verloren; nicht mehr nutzen|benutzen|zahlen',
      1: 'ruckerstattung|erstattung; zu teuer; alternative*; abo; storn*',
    },
    bug: {
      3: 'funktioniert|funktionieren|geht|gehen|ladt|laden|klappt|synchronisiert|startet|offnet|reagiert|lauft __ nicht|nimmer|nichts; nicht _ funktioniert|geht|klappt; sturzt|sturzen __ ab; absturz*|absturze; abgesturzt; kaputt; hangt sich _ auf; fehlermeldung*; daten _ weg|verloren|geloscht; alle|meine|meinen __ $data _ weg|verloren|geloscht|verschwunden; schwarzer|weisser bildschirm; doppelt abgebucht|berechnet; bleibt hangen; friert _ ein',
      2: 'bug|bugs; fehler*; kann|konnen|konnte _ nicht|keine|nichts __ $verb; lasst sich nicht; sehr|so|zu|extrem|mega langsam; seit dem _ update|version; geht nicht; bitte _ fixen|beheben|reparieren; unbrauchbar; probleme mit|beim; verschwunden; hangt; ruckelt',
      1: 'problem|probleme; langsam; hangt; verspat*; verloren; lahm; nervt',
    },
    question: {
      3: 'wie kann|kriege|mache|bekomme|geht|stelle|kommt|lange|funktioniert|finde|richte ich|man|wir|das|es; weiss jemand|einer|wer; hat jemand|einer|wer; kann mir|uns|jemand|man; gibt es _ eine|einen|ein|schon|moglichkeit; ist es moglich; wo kann|finde|ist|finden ich|man|die|der|das; habe eine|mal _ frage; wann kommt|geht|ist|wird|gibt; was bedeutet|kostet|ist|mache; frage',
      2: 'warum; wieso; weshalb; welche|welcher|welches; frage|fragen; hilfe bei|mit; brauche _ hilfe; jemand _ tipp|idee|rat; wie viel|lange|oft; konnt ihr; konnen sie',
      1: 'hilfe; jemand; weiss',
    },
    feature: {
      3: 'ware|waere _ schon|toll|super|gut|cool|klasse|praktisch|hilfreich|nett|wunschenswert; wurde|wurden mir|mich|uns|gerne|gern _ wunschen|freuen|nutzen; wunsche mir|wunsch; bitte _ einbauen|hinzufugen|einfuhren|erganzen|nachrusten; konntet|konnten ihr|sie|man _ bitte|einbauen|noch|nicht|mal; es fehlt|fehlen; fehlt mir|noch|leider|nur|eine|ein|die|der; hatte gern|gerne; dunkelmodus|darkmode; wann kommt _ endlich; sollte|musste man _ konnen; schade dass',
      2: 'feature|features; funktionswunsch; vorschlag*; wunschenswert; verbesserung*; option um|fur|zum|zu; moglichkeit zu|zum|dass; unterstutzung fur; anregung*; hinzufugen; einbauen',
      1: 'option|optionen; funktion; fehlt; unterstutz*; wunsch*',
    },
    praise: {
      3: 'liebe _ diese|die|es|das|euch|eure; vielen|herzlichen|tausend dank; danke fur|euch|an|dafur|schon; super|tolle|tolles|toller|geniale|klasse|beste|bester|gute|sehr|echt app|arbeit|service|support|tool|team|programm|job|sache; absolut|sehr|nur|klar* empfehlenswert|empfehlen|zufrieden|gut|hilfreich|praktisch|nutzlich|schon; weiter so; funktioniert|lauft|klappt super|einwandfrei|perfekt|bestens|tadellos|prima|gut|toll; kann _ empfehlen; bin _ begeistert|zufrieden|beeindruckt; ein traum; das|die|der beste|besten; gefallt mir',
      2: 'genial; perfekt; toll|tolle|tolles; klasse; hervorragend; grossartig; begeistert; danke; empfehl*; wunderbar; spitze; fantastisch; ausgezeichnet; super; lob',
      1: 'gut|gute|guter; schon; praktisch; einfach; zufrieden; hilfreich; schnell',
    },
  },
  negators: 'nicht|kein|keine|keinen|nie|niemals|ohne|nichts|weder|kaum|nimmer',
  conditionals: 'falls|ob|sollte|ware|wurde',
  resolved:
    'geht|funktioniert|lauft _ wieder; wieder da|online|erreichbar; behoben|gelost|repariert; erledigt',
  urgency: {
    3: 'alle|meine _ daten|notizen|dateien; datenverlust; ganze|gesamte firma|team|abteilung|buro; in produktion; notfall; gehackt; datenleck*',
    2: 'dringend*; sofort; asap; ausgesperrt; komme _ nicht _ rein; nicht _ einloggen|anmelden|arbeiten; seit # stunden|tagen|stunde|tage; seit stunden|tagen; seit heute morgen; down; ausfall; blockiert; so schnell wie',
    1: 'heute; hilfe; wieder; immer noch; inakzeptabel; stunden; unverschamt*; bitte; keine antwort; frechheit',
  },
  persons:
    'ich|mir|mich|mein|meine|meinen|wir|uns|unser|unsere|ihr|euch|eure|du|dir|dich|sie|jemand|bitte|danke',
  polarity: {
    3: 'genial*; perfekt*; liebe; begeistert; hervorragend*; grossartig*; fantastisch*; wunderbar*; ausgezeichnet*; spitze',
    2: 'danke; gut|gute|guter|gutes; super; toll*; klasse; zufrieden; empfehl*; besser|beste*; schon|schone|schones; hilfreich; praktisch; prima; freue',
    1: 'einfach; schnell; nett; interessant*; gefallt',
    [-1]: 'langsam*; teuer; fehlt; schade; schwierig; verspat*; leider',
    [-2]: 'fehler*; absturz*; problem*; kaputt; ausfall; storung*; geht nicht; funktioniert nicht; schlecht*; enttausch*; nervt; kundig*; verloren; nutzlos',
    [-3]: 'katastroph*; furchtbar; schrecklich; mies; miserabel; unverschamt*; frechheit; mull; schrott; scheiss*; hasse; abzocke; betrug*; unbrauchbar; unterirdisch; peinlich; nie wieder',
  },
};
