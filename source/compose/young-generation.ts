import { setFlagsFromString } from 'node:v8';

/** By then the first screen is drawn, and what lasts has been made: to collect that often would only copy it. */
const afterStartMs = 3_000;

/**
 * Lets no heap of this process make more room for young objects than it has:
 * the engine doubles it again and again, up to 64 MB in the main thread, when
 * it could have collected them. What the terminal app makes for a frame or a
 * page is forgotten at once, so there is next to nothing to copy. The flag is
 * one of the whole process and not of a thread; threads that start later begin
 * with 1 MB and stay there.
 */
export function keepYoungGenerationSmall(afterMs = afterStartMs): void {
  setTimeout(() => setFlagsFromString('--semi-space-growth-factor=1'), afterMs).unref();
}
