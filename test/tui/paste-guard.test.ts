import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { guardPastes } from '../../source/tui/paste-guard.ts';

/** What a reader like Ink gets of the chunks that a terminal sends. */
function reader() {
  const terminal = new PassThrough({ encoding: 'utf8' });
  const guarded = guardPastes(terminal as unknown as NodeJS.ReadStream);
  let text = '';
  guarded.on('readable', () => {
    for (let chunk = guarded.read(); chunk !== null; chunk = guarded.read()) text += chunk;
  });
  return { send: (chunk: string) => terminal.write(chunk), text: () => text };
}

test('keys and whole pastes pass unchanged', async () => {
  const { send, text } = reader();
  send('jj\x1b[200~pasted\x1b[201~k');
  await sleep(700);
  expect(text()).toBe('jj\x1b[200~pasted\x1b[201~k');
});

test('a paste without an end is ended after a silence', async () => {
  const { send, text } = reader();
  send('j\x1b[200~lost');
  await sleep(700);
  expect(text()).toBe('j\x1b[200~lost\x1b[201~');
  send('k');
  await sleep(700);
  expect(text()).toBe('j\x1b[200~lost\x1b[201~k');
});

test('a long paste in many chunks, its markers cut in two, is left alone', async () => {
  const { send, text } = reader();
  for (const chunk of ['\x1b[20', '0~a', 'b', 'c\x1b[2', '01~']) {
    send(chunk);
    await sleep(100);
  }
  await sleep(700);
  expect(text()).toBe('\x1b[200~abc\x1b[201~');
});
