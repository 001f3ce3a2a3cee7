import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../errors.ts';

const fileName = 'config.example.yaml';

/** The configuration that has every option with its default; it comes with the program, at the root of its package. */
export function exampleConfig(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const path = join(folder, fileName);
    if (existsSync(path)) return readFileSync(path, 'utf8').trimEnd();
    if (dirname(folder) === folder) break;
  }
  throw new UserError('no-example', `${fileName} is missing from this installation.`, {
    fix: 'Install signal-harvester again.',
  });
}
