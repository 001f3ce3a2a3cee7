const pasteStart = '\x1b[200~';
const pasteEnd = '\x1b[201~';

/** A terminal sends a paste in one go; after a silence like this nothing more of it will come. */
const silenceMs = 500;

/**
 * Standard input on which no paste stays open for ever. A terminal or a
 * multiplexer that loses the end of a marked paste would otherwise have Ink
 * wait for it and swallow every key from then on; here the end is supplied
 * after half a second of silence. `filter` sees every chunk first.
 */
export function guardPastes(
  stdin: NodeJS.ReadStream,
  filter: (chunk: string) => string = (chunk) => chunk,
): NodeJS.ReadStream {
  let open = false;
  let tail = '';
  let missing: string | null = null;
  let timer: NodeJS.Timeout | undefined;

  const endPaste = () => {
    open = false;
    missing = pasteEnd;
    stdin.emit('readable');
  };
  const watch = (chunk: string) => {
    const text = tail + chunk;
    const started = text.lastIndexOf(pasteStart);
    const ended = text.lastIndexOf(pasteEnd);
    if (started !== ended) open = started > ended;
    // A marker may be split between two chunks.
    tail = text.slice(-(pasteStart.length - 1));
    clearTimeout(timer);
    if (open) timer = setTimeout(endPaste, silenceMs);
  };
  const read = (size?: number) => {
    const supplied = missing;
    missing = null;
    if (supplied !== null) return supplied;
    for (;;) {
      const chunk: unknown = stdin.read(size);
      if (chunk === null) return null;
      const text = filter(String(chunk));
      // Nothing is left of a chunk that was the mouse's alone.
      if (text === '') continue;
      watch(text);
      return text;
    }
  };
  return new Proxy(stdin, {
    get(target, name) {
      if (name === 'read') return read;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
