/** Config node `security-listener`: owns the door through which devices post, for all nodes that use it. */
import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { ListenerState } from '../../src/http/listener';
import { Repeats } from '../../src/repeats';
import { createVoice, onClose, readChoice, readInteger, readText, toSetupError } from '../adapter';
import { createOwnDoor, createRedDoor, type Door, type DoorHandlers } from './door';
import type { ListenerNode } from './listener-node';

interface ListenerDef extends NodeDef {
  readonly door?: unknown;
  readonly host?: unknown;
  readonly port?: unknown;
}

type User = { readonly node: Node; readonly onState: (state: ListenerState) => void };

const standardPort = 5050;
/** A device with a wrong path, or somebody who tries doors, is told of once a minute; all are counted. */
const strangerEveryMs = 60_000;

export = (RED: NodeAPI): void => {
  function SecurityListener(this: ListenerNode & { users: Record<string, Node> }, def: ListenerDef): void {
    RED.nodes.createNode(this, def);
    const voice = createVoice(RED, this);
    const users = new Set<User>();
    const strangers = new Repeats();
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
      onRefused(error) {
        if (strangers.isRepeated(`${error.code} ${error.address} ${error.place}`, Date.now(), strangerEveryMs)) return;
        voice.raise(error, { topic: 'security-listener/error' });
      },
    };
    let door: Door | undefined;
    try {
      door = openDoor(RED, def, handlers);
    } catch (thrown) {
      const error = toSetupError(thrown);
      state = { is: 'failed', error };
      voice.raise(error, { topic: 'security-listener/error' });
    }

    /** One node of each flow: Node-RED tells the Catch nodes of a flow once for each of its users that stand here. */
    const findUsersOfFlows = (): void => {
      const flows = new Map([...users].map(({ node }) => [node.z, node]));
      this.users = Object.fromEntries([...flows.values()].map((node) => [node.id, node]));
    };

    this.describe = (path) => door?.describe(path) ?? path;
    this.attach = (node, path, receiver, onState) => {
      const remove = door?.add(path, receiver);
      const user: User = { node, onState };
      users.add(user);
      findUsersOfFlows();
      onState(state);
      return () => {
        remove?.();
        users.delete(user);
        findUsersOfFlows();
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
  return createOwnDoor(readText(def.host), readInteger(def.port, 'port', 0, 65_535, standardPort), handlers);
}
