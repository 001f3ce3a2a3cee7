import { describe, expect, test } from 'vitest';
import { analyzeOne } from './analyze-one.ts';

/** language, category, text: the language is not given, it has to be found. */
const examples: readonly (readonly [string, string, string])[] = [
  ['Spanish', 'outage', 'El servidor está caído y no puedo entrar en mi cuenta desde hace dos horas'],
  ['Spanish', 'bug', 'La aplicación se cierra sola cuando abro una foto, no funciona nada'],
  ['Spanish', 'churn', 'He cancelado mi suscripción, nunca más'],
  ['Spanish', 'question', '¿Cómo puedo cambiar la contraseña de mi cuenta?'],
  ['Spanish', 'feature', 'Me gustaría que tuviera un modo oscuro'],
  ['Spanish', 'praise', 'Me encanta esta app, muchas gracias al equipo'],
  ['French', 'outage', 'Le site est en panne chez vous aussi ? Impossible de se connecter'],
  ['French', 'bug', "L'application ne fonctionne plus depuis la mise à jour"],
  ['French', 'churn', 'Je résilie mon abonnement, trop cher pour ce que c’est'],
  ['French', 'question', 'Comment puis-je exporter toutes mes notes ?'],
  ['French', 'feature', "J'aimerais pouvoir trier les pages par date"],
  ['French', 'praise', 'Excellente application, merci beaucoup, je recommande'],
  ['German', 'outage', 'Ist der Server nicht erreichbar? Ich komme nicht mehr rein'],
  ['German', 'bug', 'Die App stürzt ab, wenn ich ein Bild öffne'],
  ['German', 'churn', 'Ich habe mein Abo gekündigt und bin jetzt weg'],
  ['German', 'question', 'Weiß jemand, wie ich die Schrift größer mache?'],
  ['German', 'feature', 'Es wäre schön, wenn man die Liste sortieren könnte'],
  ['German', 'praise', 'Super App, vielen Dank an das Team'],
  ['Portuguese', 'outage', 'O aplicativo está fora do ar, não consigo entrar'],
  ['Portuguese', 'bug', 'O app não funciona desde a atualização, trava toda hora'],
  ['Portuguese', 'churn', 'Cancelei minha assinatura e vou mudar para outro'],
  ['Portuguese', 'question', 'Alguém sabe como recuperar uma nota apagada?'],
  ['Portuguese', 'praise', 'Adoro esse aplicativo, muito obrigado!'],
  ['Japanese', 'outage', 'サーバーに繋がらない、みんなどう？'],
  ['Japanese', 'bug', 'アプリがクラッシュして動かない'],
  ['Japanese', 'churn', '値上げなので解約します'],
  ['Japanese', 'question', 'ノートをまとめる方法はありますか？'],
  ['Japanese', 'feature', 'ダークモードを追加してほしい'],
  ['Japanese', 'praise', 'とても便利で最高です、ありがとう'],
];

describe('a post in a language that has a word list', () => {
  test.each(examples)('%s, %s: %s', async (_, category, text) => {
    const analysis = await analyzeOne(text);
    expect(analysis, analysis.reasoning).toMatchObject({ category });
  });
});

describe('a post in a language without one', () => {
  test('says so and is less confident', async () => {
    const polish = await analyzeOne('Aplikacja nie działa, crash za każdym razem', { lang: 'pl' });
    const english = await analyzeOne('The application has a crash every time', { lang: 'en' });
    expect(polish.reasoning).toContain('no word list for language pl');
    expect(polish.confidence).toBeLessThan(english.confidence);
  });

  test('still shows what English words it holds', async () => {
    expect(await analyzeOne('アプリ ne radi, ransomware', { lang: 'sr' })).toMatchObject({
      category: 'security',
    });
  });
});

test('the language that the source gives is believed', async () => {
  const analysis = await analyzeOne('danke', { lang: 'de-AT' });
  expect(analysis.category).toBe('praise');
});
