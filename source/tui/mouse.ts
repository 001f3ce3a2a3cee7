/** What the mouse did; places are counted from 0. */
export interface MouseEvent {
  readonly kind: 'click' | 'wheel-up' | 'wheel-down';
  readonly column: number;
  readonly row: number;
}

/** Clicks and the wheel, told as SGR 1006 (xterm's ctlseqs); movements are not asked for. */
export const mouseOn = '\x1b[?1000h\x1b[?1006h';
export const mouseOff = '\x1b[?1006l\x1b[?1000l';

const report = /\x1b\[<(\d+);(\d+);(\d+)([Mm])/g;
const unfinished = /\x1b(?:\[(?:<[\d;]*)?)?$/;

/**
 * Takes the mouse's reports out of what a terminal sends: Ink would swallow
 * them. What may be the beginning of one at the end of a chunk is kept for the
 * next, but for a bare escape, which is the key far more often.
 */
export function createMouseFilter(onMouse: (event: MouseEvent) => void): (chunk: string) => string {
  let kept = '';
  return (chunk) => {
    const text = (kept + chunk).replace(
      report,
      (_, button: string, column: string, row: string, end: string) => {
        const kind = kindOf(Number(button), end === 'M');
        if (kind !== null) onMouse({ kind, column: Number(column) - 1, row: Number(row) - 1 });
        return '';
      },
    );
    const tail = unfinished.exec(text)?.[0] ?? '';
    kept = tail.length > 2 ? tail : '';
    return kept === '' ? text : text.slice(0, -kept.length);
  };
}

/** Releases, other buttons and buttons with shift or ctrl held mean nothing here. */
function kindOf(button: number, pressed: boolean): MouseEvent['kind'] | null {
  if (!pressed) return null;
  if (button === 0) return 'click';
  if (button === 64) return 'wheel-up';
  return button === 65 ? 'wheel-down' : null;
}
