import { loadDetector } from './offline/language.ts';
import { languageName } from './prompt.ts';

/** Shorter reasons fit many languages. */
const leastLetters = 40;

/** Languages that the detector tells from their neighbours in one sentence; in others nothing is doubted. */
const doubted: ReadonlySet<string> = new Set(
  'ar de el en es fi fr he hu it ja ko nl pl pt ru sv th tr uk vi zh'.split(' '),
);

/** True when a reason is surely written in another language than `language`; quoted words of the post do not count. */
export async function isWrongLanguage(reasoning: string, language: string): Promise<boolean> {
  if (!doubted.has(language)) return false;
  const own = reasoning.replace(/“[^”]*”|"[^"]*"|«[^»]*»|„[^“”]*[“”]|「[^」]*」|‘[^’]*’|`[^`]*`/g, ' ');
  const letters = own.match(/\p{L}/gu)?.length ?? 0;
  // A Chinese or Japanese character says about as much as three letters.
  const dense = own.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu)?.length ?? 0;
  if (letters + 2 * dense < leastLetters) return false;
  const detect = await loadDetector();
  const found = detect(own);
  return found !== null && found !== language;
}

/** What stands in place of a reason that the analyst could not read. */
export function neutralReason(language: string): string {
  return `The model gave its reason in another language than ${languageName(language)}, so it is left out.`;
}
