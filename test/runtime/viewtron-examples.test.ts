/** The examples that call devices, in a real Node-RED with the demo's fake ones: every button is pressed. */
import should from 'should';
import { findSetUps, press, readFlows, startDemo, type Demo } from '../../demo/demo-run';
import type { FlowNode } from '../../demo/sites/site';
import { Witness } from '../support/runtime';

type Wired = FlowNode & {
  readonly label?: string;
  readonly z?: string;
  readonly wires?: readonly (readonly string[])[];
  readonly once?: boolean;
};

describe('the examples of viewtron-config-out', function () {
  this.timeout(60_000);
  const witness = new Witness();
  const flows = readFlows(0) as readonly Wired[];
  const tabs = new Set(flows.filter(({ type }) => type === 'viewtron-config-out').map(({ z }) => z));
  const buttons = flows.filter(({ type, z }) => type === 'inject' && tabs.has(z));
  /** The calls that a button leads to. */
  const callsOf = (start: Wired): readonly string[] => {
    const seen = new Set<string>();
    const waiting = [start.id];
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      waiting.push(...(flows.find((node) => node.id === id)?.wires?.flat() ?? []));
    }
    return flows.filter(({ id, type }) => type === 'viewtron-config-out' && seen.has(id)).map(({ id }) => id);
  };
  let demo: Demo;

  before(async () => {
    demo = await startDemo(witness.onSent);
  });
  after(() => demo?.stop());

  it('have buttons to press', () => {
    should(buttons.length).be.above(8);
    should(findSetUps(flows)).have.length(1);
  });

  for (const button of buttons) {
    const tab = flows.find(({ id }) => id === button.z);
    it(`${tab?.label}: ${button.name}`, async () => {
      const before = witness.sent.length;
      await press(demo.nodeRed, button.id);
      for (const call of callsOf(button)) {
        await witness.wait(1, (sent) => sent.node === call && witness.sent.indexOf(sent) >= before);
      }
      const failed = witness.sent.slice(before).filter(({ type }) => type === 'catch');
      should(failed).be.empty();
    });
  }

  it('take the picture when PDK tells of a door', async () => {
    const [doors] = flows.filter(({ type, z }) => type === 'pdk-webhook-in' && tabs.has(z));
    should.exist(doors);
    const [call] = callsOf(doors!);
    const [told] = await witness.wait(1, ({ node }) => node === doors!.id);
    should(['door-forced', 'access-denied']).containEql(told?.kind);
    const since = witness.sent.indexOf(told!);
    await witness.wait(1, (sent) => sent.node === call && witness.sent.indexOf(sent) > since);
  });

  it('show the events of the camera that was set up', async () => {
    const receiver = flows.find(({ type, name, z }) => type === 'viewtron-in' && name === 'Yard cam' && tabs.has(z));
    should.exist(receiver);
    const [event] = await witness.wait(1, ({ node }) => node === receiver?.id);
    should(event?.topic).startWith('viewtron/');
  });
});
