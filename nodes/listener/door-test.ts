/** The Test button of a listener's dialog: can its port be opened, and would it let the person in who asks. */
import type { NodeAPI } from 'node-red';
import type { IncomingMessage } from 'node:http';
import { systemClock } from '../../src/clock';
import { SetupError, type SecurityEventsError } from '../../src/errors';
import { splitList } from '../../src/filter';
import { Access } from '../../src/http/access';
import { Listener } from '../../src/http/listener';
import { standardLimits } from '../../src/http/limits';
import { toSetupError } from '../adapter';
import { readText } from '../fields';
import { readForm } from '../form';
import { isOwnDoorOpen } from './own-door';
import { readListenerSettings, type ListenerSettings } from './settings';

/** What stands in the way, or which door it is; and whether the caller's address may come in. */
interface Finding {
  readonly door?: 'free' | 'ours' | 'nodered';
  readonly error?: string;
  readonly caller?: string;
  readonly isAllowed?: boolean;
}

/** Works with what the dialog holds, deployed or not; no secret is asked for, and none is told. */
export function offerDoorTest(RED: NodeAPI): void {
  RED.httpAdmin.post(
    '/security-events/security-listener/test',
    RED.auth.needsPermission('security-listener.write'),
    (request, response) => {
      void testDoor(RED, readForm(request.body), request).then((finding) => response.json(finding));
    },
  );
}

async function testDoor(
  RED: NodeAPI,
  form: Readonly<Record<string, unknown>>,
  request: IncomingMessage,
): Promise<Finding> {
  try {
    const { door, host, port, access } = readListenerSettings(RED, { ...emptyDef, ...form, tls: '' }, {});
    const caller = judgeCaller(form, access.networks, request);
    if (door === 'own') return { ...(await tryPort({ host, port })), ...caller };
    if (RED.settings.httpNodeRoot !== false) return { door: 'nodered', ...caller };
    const message = "Node-RED's settings switch its web server off for nodes (httpNodeRoot: false)";
    throw new SetupError('http-node-off', `${message}; use a port of its own`);
  } catch (thrown) {
    return { error: toSetupError(thrown).message };
  }
}

/** What every definition of a node has, beside the fields of the form. */
const emptyDef = { id: '', type: 'security-listener', name: '', z: '', headerName: '' };

function judgeCaller(
  form: Readonly<Record<string, unknown>>,
  networks: readonly string[],
  request: IncomingMessage,
): Pick<Finding, 'caller' | 'isAllowed'> {
  const proxies = splitList(readText(form.proxies, 'trusted proxies'));
  const access = new Access({ networks, proxies });
  const caller = access.callerOf(request);
  return { caller, isAllowed: access.check(request, caller) === undefined };
}

/** Opens the port for a moment, unless it is open for a listener already. */
async function tryPort({ host, port }: Pick<ListenerSettings, 'host' | 'port'>): Promise<Finding> {
  if (isOwnDoorOpen(host, port)) return { door: 'ours' };
  let listener: Listener | undefined;
  const fault = await new Promise<SecurityEventsError | undefined>((resolve) => {
    listener = new Listener({
      host,
      port,
      limits: standardLimits,
      clock: systemClock,
      onRequest: (_request, response) => response.writeHead(503).end(),
      onState: (state) => {
        if (state.is === 'listening') resolve(undefined);
        if (state.is === 'failed') resolve(state.error);
      },
      onRubbish: () => undefined,
    });
    listener.open();
  });
  await listener?.close();
  return fault === undefined ? { door: 'free' } : { error: fault.message };
}
