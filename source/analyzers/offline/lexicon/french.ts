import type { Lexicon } from './lexicon.ts';

/** French. Elisions are split ("n'arrive" is `n` `arrive`), accents folded. */
export const french: Lexicon = {
  lang: 'fr',
  classes: {
    service:
      'site|serveur|serveurs|service|services|appli|application|app|systeme|reseau|plateforme|page|web|synchro|synchronisation|connexion|mail|api',
    verb: 'connecter|acceder|ouvrir|charger|synchroniser|enregistrer|sauvegarder|telecharger|installer|voir|utiliser|envoyer|payer|exporter|partager|lire|mettre|identifier',
    data: 'donnees|notes|fichiers|photos|documents|messages|contacts|travail|dossiers',
  },
  ignore:
    'pas de probleme|souci; aucun probleme|souci; sans probleme|souci; grace a; bonne journee|soiree|nuit|chance; tomber amoureux; panne de courant|voiture|reveil',
  categories: {
    outage: {
      3: '$service _ en panne|rade; en panne; $service est|sont _ down|hs|mort|indisponible*|inaccessible*|tombe*; panne generale|mondiale|totale|geante; suis je le|la seul*; je suis le|la seul*; d autres _ problemes|soucis|memes|pareil; encore en? panne; est|sont _ down; tout est bloque|mort; quelqu un d autre',
      2: 'panne|pannes; indisponible*; inaccessible*; hors service|ligne; impossible de se|me|nous connecter|acceder; plus rien ne; plus d acces; personne ne _ peut|arrive; chez vous aussi; c est moi ou; maintenance; ne repond plus',
      1: 'depuis ce matin|#|hier; coupure; intermittent*; acces',
    },
    security: {
      3: 'fuite|vol|violation de|des donnees; faille* de? securite; compte _ pirate|hacke|vole|compromis; piratage; vulnerabilit*; acces non autorise; donnees _ exposees|volees|fuite|publiques; mot* de passe en clair',
      2: 'pirat*|hack*; arnaque*|fraud*; hameconnage; faille*; usurp*; prelevement non|frauduleux',
      1: 'securite; confidentialite; mot* de passe; virus',
    },
    churn: {
      3: 'resili*; annul* _ abonnement|compte|contrat; je _ pars|quitte|desabonne|desinstalle|change de|chez|pour|tout|$service; passe|passer|passons a la concurrence; plus jamais; me desabonn*; suppr* mon compte; derniere fois que; rembours* _ moi|integral; je vais voir ailleurs; je passe|bascule|migre chez|a|sur|vers; ne renouvell*',
      2: 'desinstall*; cherche* _ alternative*; alternative* a; concurren*; marre de; ras le bol; arrete* d|de utiliser|payer; aller voir ailleurs; quitter|quitte $service|le|la|cette',
      1: 'rembours*; trop cher|chere; alternative*; annuler; abonnement',
    },
    bug: {
      3: 'ne _ marche|fonctionne|charge|ouvre|synchronise|repond|demarre|lance|affiche pas|plus; marche|fonctionne|charge|repond pas|plus|toujours|mal; n arrive pas|plus a; arrete de fonctionner; ecran noir|blanc|bleu; perdu|efface|disparu|supprime* tou*|mes|toutes|mon $data|travail; mes|toutes _ $data _ disparu*; se ferme _ seul*|toute|tout; plante|plantent|plantage* ; ca bug*|plante|rame|beugue',
      2: 'bug|bugs|bugue|buggue|bogue*; erreur|erreurs; impossible d|de $verb; tres|trop|super lent|lente|lents|long; ne peux|peut|pouvons pas|plus $verb; depuis la _ mise|maj|version; facture* deux|double; corrig*; reparer|reparez; probleme* avec|de|pour; bloque|bloquee|fige',
      1: 'probleme|problemes; souci|soucis; lent|lente|lenteur*; disparu*; rame; retard; inutilisable; deconnect*',
    },
    question: {
      3: 'comment puis|faire|je|on|fait|peut|faut|activer|changer|resilier; est ce que|qu|possible|normal|il; quelqu un sait|connait|a|peut|aurait; savez vous; y a t il|elle; c est normal; est il possible; ou puis|trouver|est|se; j ai une _ question; combien coute|de|ca; quand est|sera|revient|arrive; peut on',
      2: 'pourquoi; une idee; question*; besoin d _ aide; pouvez vous|aider; quel|quelle|quels est; sais pas comment|si|pourquoi; comment',
      1: 'aide|aider; savoir; quelqu un',
    },
    feature: {
      3: 'j aimerais|adorerais|aimerai|apprecierais; ce|serait _ serait|bien|genial|super|top|cool|sympa|pratique|utile _ de|si|d|que; pourriez|pouvez|pourrait vous|on _ ajouter|mettre|permettre|rajouter; il manque|manquerait; manque juste|plus|une|un|la|le; devriez|devrait ajouter|permettre|proposer|pouvoir; ajoutez|ajouter|rajouter|rajoutez une|un|la|le|l; a quand; mode sombre; vivement; prevu d|de; dommage qu|que _ pas',
      2: 'suggestion*; suggere; propose|proposition; serait bien|genial|top|super|cool; option pour|de; possibilite de|d; fonctionnalite*; souhaite*|souhaiterais; ameliorer; version linux|android|ios|francaise',
      1: 'ajout*; option|options; amelioration*; manque',
    },
    praise: {
      3: 'j adore|aime|kiffe; merci beaucoup|pour|a|infiniment|mille|encore|d|l; bravo; excellent|excellente*; au top; super|bon|beau|excellent|tres|belle appli|application|travail|boulot|service|outil|equipe; la|le meilleure|meilleur; je recommande; fonctionne|marche parfaitement|nickel|bien|tres|impeccable*; tres content|contente|bon|bonne|bien|pratique|utile|satisfait*; felicitations|chapeau; rien a redire; que du bonheur',
      2: 'genial|geniale; parfait|parfaite|parfaitement; magnifique; formidable; merci; impeccable; nickel; top; super; recommande; incroyable',
      1: 'bien|bon|bonne; pratique; utile; facile; sympa; rapide; content|contente',
    },
  },
  negators: 'pas|jamais|sans|aucun|aucune|ni|ne|n|rien',
  conditionals: 'si|pourrait|serait',
  resolved: 'remarche|refonctionne; est|c est resolu|repare|regle|revenu|retabli; resolu|retabli; de retour',
  urgency: {
    3: 'perdu|efface|disparu tou*|mes|mon; toute l|la _ entreprise|equipe|boite; en production|prod; fuite de; pirate; urgence',
    2: 'urgent*; tout de suite; immediatement; impossible de|d _ connecter|acceder|travailler; depuis # heures|jours|heure|h; depuis ce matin|hier; bloque|bloquee|bloques; en panne; au plus vite; des que; fuite',
    1: 'aujourd hui; aide|aidez; encore; toujours; inadmissible; inacceptable; heures; honteux; personne ne repond; svp; vite',
  },
  persons: 'je|j|me|m|moi|mon|ma|mes|nous|notre|nos|vous|votre|vos|tu|te|toi|ton|quelqu|svp|merci',
  polarity: {
    3: 'excellent*; genial*; adore; parfait*; magnifique*; formidable; bravo; felicitations; incroyable; impeccable; nickel',
    2: 'merci; bon|bonne|bons|bonnes; bien; meilleur*; top; super; utile; pratique; content*; heureu*; recommande; aime; satisfait*',
    1: 'rapide; facile; sympa; joli*; interessant*',
    [-1]: 'lent|lente; cher|chere; manque; difficile; retard; dommage; doute',
    [-2]: 'erreur*; bug*; plante*; probleme*; panne*; perdu*; ne marche; ne fonctionne; mal; mauvais*; decu*|decevant*; impossible; bloque*; resili*; souci*',
    [-3]: 'nul|nulle; horrible; catastroph*; honte|honteux|honteuse; arnaque*; inadmissible; inacceptable; deteste; pire; merde; insupportable; scandaleu*; marre; inutilisable',
  },
};
