import open from 'open';

/**
 * Opens a web address in the person's browser. Resolves with null when it was
 * handed over, or with the reason why not, in words; the caller then shows the
 * address. Never throws for an address, however strange it is.
 */
export async function openLink(
  url: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string | null> {
  const refusal = whyNot(url, environment);
  if (refusal !== null) return refusal;
  try {
    const child = await open(url);
    return await new Promise((resolve) => {
      child.once('error', () => resolve('no browser could be started'));
      child.once('exit', (code) => resolve(code === 0 ? null : 'no browser could be started'));
      // A browser that stays in the foreground has been started well.
      setTimeout(() => resolve(null), 1500).unref();
    });
  } catch {
    return 'no browser could be started';
  }
}

function whyNot(url: string, environment: NodeJS.ProcessEnv): string | null {
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) return 'only web links are opened';
  if (environment.SSH_CONNECTION || environment.SSH_TTY) return 'over SSH, open it yourself';
  const screen = environment.DISPLAY || environment.WAYLAND_DISPLAY || environment.WSL_DISTRO_NAME;
  if (process.platform === 'linux' && !screen) return 'no browser here, open it yourself';
  return null;
}
