import type { SignalRow } from '../domain/signal.ts';
import type { Column } from './print.ts';

const roomyWidth = 110;

/** The columns of a list for a person; a narrow screen gives up the feeling and short titles for more of the text. */
export function tableColumns(now: number, width: number): readonly Column<SignalRow>[] {
  const roomy = width >= roomyWidth;
  const feeling: readonly Column<SignalRow>[] = [
    { title: 'FEELING', text: ({ sentiment }) => sentiment ?? '-' },
  ];
  return [
    {
      title: roomy ? 'SALIENCE' : 'SAL',
      align: 'right',
      text: ({ salience }) => salience?.toFixed(1) ?? '-',
    },
    { title: 'ID', align: 'right', text: ({ id }) => String(id) },
    { title: 'AGE', align: 'right', text: ({ createdAt }) => formatAge(now - createdAt) },
    { title: 'CATEGORY', text: ({ category }) => category ?? '-' },
    ...(roomy ? feeling : []),
    {
      title: roomy ? 'ECHOES' : '+',
      align: 'right',
      text: ({ echoes }) => (echoes === 0 ? '' : String(echoes)),
    },
    { title: 'SOURCE', text: ({ source }) => source },
    { title: 'SIGNAL', flexible: true, text: headline },
  ];
}

/** The cells of a list in a pipe. Their order is a promise: new ones come last. */
export const lineColumns: readonly Column<SignalRow>[] = [
  { title: 'id', text: ({ id }) => String(id) },
  { title: 'salience', text: ({ salience }) => salience?.toFixed(2) ?? '' },
  { title: 'status', text: ({ status }) => status },
  { title: 'category', text: ({ category }) => category ?? '' },
  { title: 'sentiment', text: ({ sentiment }) => sentiment ?? '' },
  { title: 'urgency', text: ({ urgency }) => String(urgency ?? '') },
  { title: 'echoes', text: ({ echoes }) => String(echoes) },
  { title: 'source', text: ({ source }) => source },
  { title: 'createdAt', text: ({ createdAt }) => new Date(createdAt).toISOString() },
  { title: 'signal', text: headline },
  { title: 'url', text: ({ url }) => url ?? '' },
];

/** What a signal says, on one line. */
export function headline({ title, text }: Pick<SignalRow, 'title' | 'text'>): string {
  if (title === null || title === '') return text;
  if (text.trim() === '') return title;
  return text.startsWith(title) ? text : `${title}: ${text}`;
}

/** "4m", "3h", "12d": how long ago, for a narrow column. */
export function formatAge(ageMs: number): string {
  const minutes = Math.max(0, Math.floor(ageMs / 60_000));
  if (minutes < 60) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}h` : `${Math.floor(hours / 24)}d`;
}
