import { readFileSync } from 'node:fs';

/** As package.json has it, which stands above this file in source/ and in the bundle. */
export function programVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
