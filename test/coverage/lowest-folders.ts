import { dirname, relative, sep } from 'node:path';

interface Part {
  readonly total: number;
  readonly covered: number;
}

/** What one file comes to. */
export interface FileSummary {
  readonly path: string;
  readonly lines: Part;
  readonly branches: Part;
}

/** The folders of `source` (and what lies beside them) with the lowest share of branches, a line each. */
export function lowestFolders(files: readonly FileSummary[], root: string, count = 5): readonly string[] {
  const share = ({ total, covered }: Part) => (total === 0 ? 100 : (100 * covered) / total);
  const sum = (parts: readonly Part[]): Part => ({
    total: parts.reduce((all, { total }) => all + total, 0),
    covered: parts.reduce((all, { covered }) => all + covered, 0),
  });
  return [...Map.groupBy(files, ({ path }) => folderOf(relative(root, path)))]
    .map(([folder, inside]) => ({
      folder,
      lines: share(sum(inside.map(({ lines }) => lines))),
      branches: share(sum(inside.map(({ branches }) => branches))),
    }))
    .toSorted((a, b) => a.branches - b.branches || a.lines - b.lines)
    .slice(0, count)
    .map(
      ({ folder, lines, branches }) =>
        `${folder.padEnd(22)} lines ${lines.toFixed(1)}%, branches ${branches.toFixed(1)}%`,
    );
}

/** "source/cli/list.ts" and all below "source/cli" are of "source/cli". */
function folderOf(path: string): string {
  return dirname(path).split(sep).slice(0, 2).join('/');
}
