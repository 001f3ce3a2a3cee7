import { expect, test } from 'vitest';
import { deferHarvester } from '../../source/harvester/deferred.ts';
import type { Harvester } from '../../source/harvester/harvester.ts';

/** An application that says who answered; only what the tests ask of it is there. */
function deferred(makeWhole?: () => Promise<Harvester>) {
  const told: string[] = [];
  const by = (who: string) => ({
    signals: { version: async () => who },
    close: async () => {
      told.push(`${who} closed`);
    },
  });
  const whole = { ...by('whole'), flags: { list: async () => 'flags' } } as unknown as Harvester;
  const make = async () => {
    told.push('whole made');
    return whole;
  };
  return { harvester: deferHarvester(by('ready'), makeWhole ?? make), told };
}

test('what is ready answers until the whole is there, which is made once and then answers all', async () => {
  const { harvester, told } = deferred();
  expect(await harvester.signals.version()).toBe('ready');
  const lists = [harvester.flags.list(), harvester.flags.list()];
  // Nobody waits for the rest of the application to read a list.
  expect(await harvester.signals.version()).toBe('ready');
  expect(await Promise.all(lists)).toEqual(['flags', 'flags']);
  expect(await harvester.signals.version()).toBe('whole');
  await harvester.close();
  expect(told).toEqual(['whole made', 'whole closed']);
});

test('what was never asked for is not made to be closed', async () => {
  const { harvester, told } = deferred();
  await harvester.close();
  expect(told).toEqual(['ready closed']);
});

test('a whole that cannot be made fails what needs it, and what is ready goes on and is closed', async () => {
  const { harvester, told } = deferred(() => Promise.reject(new Error('no such module')));
  await expect(harvester.flags.list()).rejects.toThrow('no such module');
  await expect(harvester.flags.list()).rejects.toThrow('no such module');
  expect(await harvester.signals.version()).toBe('ready');
  await harvester.close();
  expect(told).toEqual(['ready closed']);
});

test('an operation that does not exist is refused by name', async () => {
  const { harvester } = deferred();
  await expect(harvester.views.list()).rejects.toThrow('no operation views.list');
});
