import { resolve } from 'node:path';
import { writeFileWhole } from '../../harvester/export-file.ts';
import type { ReportRequest } from '../../harvester/report.ts';
import { type ReportFormat, renderReport, reportFormatOf, reportFormats } from '../../report/render.ts';
import type { App } from './app.ts';
import { sayError } from './messages.ts';

/** Asks where to, and writes a report of the window that the dashboard shows. */
export function askReport(app: App): void {
  const { insight, insightSearch, search, view } = app.dashboard.read();
  if (insight === null) {
    app.say('nothing has been read yet');
    return;
  }
  const subject =
    view !== null && search === insightSearch
      ? { view }
      : insightSearch === ''
        ? {}
        : { search: insightSearch };
  const request = { ...insight.span, timeZone: app.dashboard.timeZone, ...subject };
  app.prompt.ask({
    label: 'write a report of this window to',
    hint: `the ending says the format: ${reportFormats.map((format) => `.${format}`).join(', ')}; a file of that name is replaced`,
    text: 'report.html',
    submit: (name) => {
      if (name === '') return 'write the name of a file, or press Esc';
      const format = reportFormatOf(name);
      if (format === null) return `end the name with ${reportFormats.map((each) => `.${each}`).join(', ')}`;
      void writeReport(app, request, resolve(name), format);
      return null;
    },
  });
}

async function writeReport(
  app: App,
  request: ReportRequest,
  path: string,
  format: ReportFormat,
): Promise<void> {
  app.say(`writing the report to ${path} …`);
  try {
    await app.triage.settled();
    const text = await renderReport(await app.harvester.report.make(request), format);
    await writeFileWhole(path, new AbortController().signal, async (write) => {
      await write(text);
      return 1;
    });
    app.say(`wrote the report to ${path}`, { tone: 'good' });
  } catch (error) {
    sayError(app.say, 'no report was written', error);
  }
}
