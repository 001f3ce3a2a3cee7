import type { Handler } from './loopback.ts';

/** A fake in front of which failures can be put, as the source contract does. */
export function failable(fake: Handler): { handler: Handler; failFrom: (request: number | null) => void } {
  let failing: number | null = null;
  return {
    handler: (request, response) => {
      if (failing === null) return fake(request, response);
      failing -= 1;
      return failing < 0 ? void response.writeHead(500).end() : fake(request, response);
    },
    failFrom: (request) => {
      failing = request;
    },
  };
}

/** Answers the first requests from a list, in order, then leaves the rest to the fake. */
export function first(answers: readonly Handler[], fake: Handler): Handler {
  const left = [...answers];
  return (request, response) => (left.shift() ?? fake)(request, response);
}

/** One fixed answer. */
export function say(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Handler {
  return (_request, response) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(text);
  };
}
