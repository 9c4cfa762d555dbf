/** Every dialog in every language: opens, has texts, names every control, fits the tray, and is closed as it was. */
import { createHash } from 'node:crypto';
import should from 'should';
import { startNodeRed, type NodeRed } from '../../demo/node-red';
import { Editor, type FlowNode } from './browser';
import { tab } from './flows';

/** Texts are the same in another Node-RED: there the longest words do. */
const languages = process.env.NODE_RED_HOME ? ['en-US', 'de'] : ['en-US', 'de', 'es-ES', 'fr', 'ja', 'zh-CN'];

/** Each with the property that holds its config node; as a flow written by hand has them. */
const nodes = [
  { type: 'viewtron-in', config: 'listener' },
  { type: 'viewtron-presence' },
  { type: 'viewtron-config-out', config: 'device' },
  { type: 'pdk-webhook-in' },
  { type: 'pdk-hook-manager', config: 'account' },
  { type: 'camlytics-poll', config: 'server' },
  { type: 'camlytics-webhook-in' },
  { type: 'camio-callback-in' },
  { type: 'camio-event-out', config: 'account' },
] as const;

const configs = ['security-listener', 'viewtron-device', 'pdk-account', 'camlytics-server', 'camio-account'] as const;
const idOf = (type: string): string => createHash('sha256').update(type).digest('hex').slice(0, 16);

const flows: readonly FlowNode[] = [
  tab,
  // no port is opened, and nobody is called
  ...configs.map((type) => ({
    id: idOf(type),
    type,
    name: '',
    ...(type === 'security-listener' && { door: 'nodered' }),
    // where nobody answers: at the usual port there may be a Camlytics
    ...(type === 'camlytics-server' && { host: '127.0.0.1', port: '9' }),
  })),
  ...nodes.map(({ type }, row) => {
    const vendor = type.split('-')[0] ?? '';
    return {
      id: idOf(type),
      type,
      z: tab.id,
      x: 240,
      y: 60 + 70 * row,
      wires: [],
      listener: idOf('security-listener'),
      device: idOf('viewtron-device'),
      account: idOf(`${vendor}-account`),
      server: idOf('camlytics-server'),
    };
  }),
];

/** What a catalogue without the text, or a text without its value, would show. */
const rawText = /\b(viewtron|pdk|camlytics|camio|security)-[a-z-]+\.[a-z]|__\w+__/;
const nameless = /^\s*- (textbox|searchbox|spinbutton|combobox|checkbox|radio|button)(?! ").*$/gm;

for (const language of languages) {
  describe(`the editor in ${language}: every dialog`, () => {
    let nodeRed: NodeRed;
    let editor: Editor;
    const seen = new Map<string, string>();

    before(async () => {
      nodeRed = await startNodeRed({ flows });
      editor = await Editor.launch(nodeRed.url, language);
      await editor.open(flows);
    });
    after(async () => {
      await editor?.close();
      await nodeRed?.stop();
    });
    afterEach(async function () {
      if (this.currentTest?.state === 'failed') {
        await editor.picture(`every-dialog-failed-${language}`);
        return editor.open(flows);
      }
      should(editor.complaints).eql([]);
    });

    async function look(type: string): Promise<void> {
      const dialog = editor.page.locator('.red-ui-tray-body .security-events-dialog');
      await dialog.evaluate((element) => element.querySelectorAll('details').forEach((each) => (each.open = true)));
      const text = await dialog.innerText();
      should(text).not.match(rawText);
      seen.set(type, text);
      const snapshot = await dialog.ariaSnapshot();
      should(snapshot.match(nameless) ?? []).eql([], snapshot);
      const [inside, outside] = await dialog.evaluate(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth]);
      should(inside).be.belowOrEqual(outside ?? 0);
      await editor.picture(`${type}-${language}`);
      for (const theme of language === 'en-US' ? ['dark'] : []) {
        await editor.page.evaluate(() => document.documentElement.classList.add('nr-theme-dark'));
        await editor.picture(`${type}-${theme}`);
        await editor.page.evaluate(() => document.documentElement.classList.remove('nr-theme-dark'));
      }
    }

    for (const { type, ...more } of nodes) {
      it(type, async () => {
        await editor.edit(idOf(type));
        await look(type);
        if ('config' in more) {
          await editor.openConfig(more.config);
          await look(
            configs.find((each) =>
              each === 'security-listener'
                ? more.config === 'listener'
                : each === `${type.split('-')[0]}-${more.config}`,
            ) ?? '',
          );
          await editor.closeConfig('cancel');
        }
        await editor.cancel();
        should(await editor.isDirty()).be.false();
      });
    }

    it('reads in that language', async () => {
      should([...seen.keys()].toSorted()).eql([...configs, ...nodes.map(({ type }) => type)].toSorted());
      const shown = [...seen.values()].join('\n');
      const English = [
        'Is it working?',
        'Who may call',
        'Why nothing arrives',
        'Zones, lines and spots',
        'Address to paste',
      ];
      const found = English.filter((words) => shown.includes(words));
      should(found.length > 2).equal(language === 'en-US', found.join());
    });
  });
}
