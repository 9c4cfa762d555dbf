/** Config node `security-listener`: owns the door through which devices post, for all nodes that use it. */
import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { ListenerState } from '../../src/http/listener';
import { createVoice, onClose, readChoice, readNumber, readText, toSetupError } from '../adapter';
import { createOwnDoor, createRedDoor, type Door, type DoorHandlers } from './door';
import type { ListenerNode } from './listener-node';

interface ListenerDef extends NodeDef {
  readonly door?: unknown;
  readonly host?: unknown;
  readonly port?: unknown;
}

type User = { readonly node: Node; readonly onState: (state: ListenerState) => void };

const standardPort = 5050;

export = (RED: NodeAPI): void => {
  function SecurityListener(this: ListenerNode & { users: Record<string, Node> }, def: ListenerDef): void {
    RED.nodes.createNode(this, def);
    const voice = createVoice(RED, this);
    const users = new Set<User>();
    let state: ListenerState = { is: 'opening' };
    // Node-RED hands errors of a config node to the Catch nodes of its users' flows, which it finds here
    this.users = {};

    const handlers: DoorHandlers = {
      onState(next) {
        // a retry is no news until it ends, and a second failure is the first one still
        if (next.is === 'opening' && state.is === 'failed') return;
        const isNews = next.is === 'failed' && state.is !== 'failed';
        state = next;
        for (const user of users) user.onState(next);
        if (isNews) voice.raise(next.error, { topic: 'security-listener/error' });
      },
      onRefused: (error) => voice.raise(error, { topic: 'security-listener/error' }),
    };
    let door: Door | undefined;
    try {
      door = openDoor(RED, def, handlers);
    } catch (thrown) {
      const error = toSetupError(thrown);
      state = { is: 'failed', error };
      voice.raise(error, { topic: 'security-listener/error' });
    }

    this.describe = (path) => door?.describe(path) ?? path;
    this.attach = (node, path, receiver, onState) => {
      const remove = door?.add(path, receiver);
      const user: User = { node, onState };
      users.add(user);
      this.users[node.id] = node;
      onState(state);
      return () => {
        remove?.();
        users.delete(user);
        delete this.users[node.id];
      };
    };

    door?.open();
    onClose(this, async () => {
      voice.close();
      await door?.close();
    });
  }

  RED.nodes.registerType('security-listener', SecurityListener);
};

function openDoor(RED: NodeAPI, def: ListenerDef, handlers: DoorHandlers): Door {
  const kind = readChoice(def.door, 'door', ['own', 'nodered'], 'own');
  if (kind === 'nodered') return createRedDoor(RED, handlers);
  return createOwnDoor(readText(def.host), readNumber(def.port, 'port', 0, 65_535, standardPort), handlers);
}
