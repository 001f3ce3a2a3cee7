import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../source/domain/report.ts';
import { renderHtml } from '../../source/report/html.ts';
import { temporaryFolder } from '../store/temporary-store.ts';
import { findChromium } from './chromium.ts';
import { hostileAddresses, hostileTexts, reportOf } from './hostile.ts';
import { sampleReport } from './sample-report.ts';

const chromium = findChromium();
if (chromium === null) {
  console.warn(
    'There is no Chromium here: how the report looks in a browser was not checked. Install "chromium".',
  );
}

interface Opened {
  readonly page: Page;
  /** What it asked for beside itself, ran or complained about. */
  readonly happened: string[];
}

describe.skipIf(chromium === null)('in a real browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await puppeteer.launch({
      executablePath: chromium ?? '',
      // Containers have neither the sandbox nor much shared memory; the page is our own.
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    });
  }, 60_000);
  afterAll(() => browser.close());

  async function open(report: Report, width: number, scheme: 'light' | 'dark' = 'light'): Promise<Opened> {
    const path = join(temporaryFolder(), 'report.html');
    writeFileSync(path, renderHtml(report));
    const page = await browser.newPage();
    const happened: string[] = [];
    page.on('request', (request) => {
      if (!request.isNavigationRequest() || request.url() !== pathToFileURL(path).href) {
        happened.push(`asked for ${request.url()}`);
      }
    });
    page.on('console', (message) => happened.push(message.text()));
    page.on('dialog', (dialog) => {
      happened.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.goto(pathToFileURL(path).href);
    return { page, happened };
  }

  test.each([
    ['light', 1100],
    ['dark', 1100],
    ['light', 400],
    ['dark', 400],
  ] as const)(
    'an accessibility linter finds nothing: %s, %i pixels wide',
    async (scheme, width) => {
      const { page, happened } = await open(sampleReport(), width, scheme);
      await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true;');
      await page.evaluate(axe.source);
      const { violations, passes } = (await page.evaluate(
        'axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })',
      )) as axe.AxeResults;
      expect(
        violations.flatMap(({ id, nodes }) =>
          nodes.map(({ target, failureSummary }) => `${id} ${target} ${failureSummary}`),
        ),
      ).toEqual([]);
      // A linter that looked at nothing would find nothing.
      expect(passes.map(({ id }) => id)).toEqual(expect.arrayContaining(['color-contrast', 'svg-img-alt']));
      expect(happened).toEqual([]);
      await page.close();
    },
    60_000,
  );

  test('is drawn with its style, and its colours follow what the reader prefers', async () => {
    const ground = 'getComputedStyle(document.body).backgroundColor';
    const { page } = await open(sampleReport(), 1100);
    expect(await page.evaluate(ground)).toBe('rgb(255, 255, 255)');
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    expect(await page.evaluate(ground)).toBe('rgb(17, 22, 29)');
    await page.emulateMediaType('print');
    expect(await page.evaluate(ground)).toBe('rgb(255, 255, 255)');
    await page.close();
  });

  /** The colour that a screenshot has at the middle of an element. */
  async function colourOf(page: Page, selector: string): Promise<unknown> {
    const shot = await (await page.$(selector))?.screenshot({ encoding: 'base64' });
    const blank = await browser.newPage();
    const colour = await blank.evaluate(`(async () => {
      const image = new Image();
      image.src = 'data:image/png;base64,${shot}';
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
      canvas.drawImage(image, 0, 0);
      return [...canvas.getImageData(image.width >> 1, image.height >> 1, 1, 1).data];
    })()`);
    await blank.close();
    return colour;
  }

  test('a screenshot shows the bars of its charts, and the spike in a colour of its own', async () => {
    const { page } = await open(sampleReport(), 1100);
    expect(await colourOf(page, '.plot .marked')).toEqual([180, 71, 26, 255]);
    expect(await colourOf(page, '.plot .main')).toEqual([59, 120, 184, 255]);
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    expect(await colourOf(page, '.plot .marked')).toEqual([240, 138, 84, 255]);
    await page.close();
  });

  test('nothing is wider than a telephone, and bars are drawn', async () => {
    const { page } = await open(sampleReport(), 400);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(400);
    const widths = await page.evaluate(
      '[...document.querySelectorAll(".plot rect.main")].map((each) => each.getBoundingClientRect().width)',
    );
    expect(Math.min(...(widths as number[]))).toBeGreaterThan(5);
    await page.close();
  });

  test('prints on a few pages', async () => {
    const { page } = await open(sampleReport(), 1100);
    const pdf = Buffer.from(await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    const pages = pdf.match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
    expect(pages).toBeGreaterThan(1);
    expect(pages).toBeLessThan(9);
    await page.close();
  });

  test('hostile posts run nothing, load nothing and break nothing', async () => {
    const text = hostileTexts.join(' ').toWellFormed();
    for (const url of [null, ...hostileAddresses.slice(0, 2), ...hostileAddresses.slice(-5)]) {
      const { page, happened } = await open(reportOf(text, url), 1100);
      expect(await page.evaluate('document.scripts.length + document.images.length + frames.length')).toBe(0);
      expect(await page.evaluate('document.querySelectorAll("section h2").length')).toBe(7);
      expect(happened).toEqual([]);
      await page.close();
    }
  }, 60_000);
});
