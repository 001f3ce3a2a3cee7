import { expect, test } from 'vitest';
import { openLink } from '../../source/tui/open-link.ts';

test.each<[string, NodeJS.ProcessEnv, string]>([
  ['javascript:alert(1)', { DISPLAY: ':0' }, 'only web links are opened'],
  ['file:///etc/passwd', { DISPLAY: ':0' }, 'only web links are opened'],
  ['no address', { DISPLAY: ':0' }, 'only web links are opened'],
  ['https://a.example', { SSH_CONNECTION: '1', DISPLAY: ':0' }, 'over SSH, open it yourself'],
  ['https://a.example', { SSH_TTY: '/dev/pts/1' }, 'over SSH, open it yourself'],
])('%s with %j is not opened: %s', async (url, environment, reason) => {
  expect(await openLink(url, environment)).toBe(reason);
});

test.skipIf(process.platform !== 'linux')('without a screen there is no browser', async () => {
  expect(await openLink('https://a.example', {})).toBe('no browser here, open it yourself');
});
