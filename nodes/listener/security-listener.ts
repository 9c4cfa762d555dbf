/** Config node `security-listener`: owns the door through which devices post, for all nodes that use it. */
import type { Node, NodeAPI, NodeMessage } from 'node-red';
import type { SecurityEventsError } from '../../src/errors';
import { Access } from '../../src/http/access';
import { excerptOf, Ledger } from '../../src/http/ledger';
import { standardLimits } from '../../src/http/limits';
import type { ListenerState } from '../../src/http/listener';
import type { Rules } from '../../src/http/routes';
import { Repeats } from '../../src/repeats';
import { createVoice, offerReport, onClose, toSetupError } from '../adapter';
import { readInteger, readText } from '../fields';
import type { Attachment, ListenerNode } from './listener-node';
import { claimOwnDoor } from './own-door';
import { claimRedDoor } from './red-door';
import { offerAddresses, standardRedPort } from './addresses';
import { offerDoorTest } from './door-test';
import { toListenerReport, toSight } from './report';
import { restartOf, type RestartWatcher } from '../restart';
import { accessCredentials, readListenerSettings, refineAccess, type ListenerDef } from './settings';
import type { Claim, Holder } from './shared-door';

interface User {
  readonly attachment: Attachment;
  readonly rules: Rules;
  remove?: ((isExpectedBack: boolean) => void) | undefined;
  /** Why it gets nothing although the listener listens. */
  problem?: SecurityEventsError | undefined;
  /** What was raised of that. */
  told?: string | undefined;
}

/** A device with a wrong path, or somebody who tries doors, is told of once a minute; all are counted. */
const strangerEveryMs = 60_000;
const topicOfErrors = 'security-listener/error';

export = (RED: NodeAPI): void => {
  /** By listener id. A Deploy closes and opens a listener; what it has written down stays. */
  const ledgers = new Map<string, Ledger>();
  const reports = new Map<string, () => object>();
  const restart = restartOf(RED);

  function SecurityListener(this: ListenerNode & { users: Record<string, Node> }, def: ListenerDef): void {
    RED.nodes.createNode(this, def);
    const voice = createVoice(RED, this);
    const users = new Set<User>();
    const strangers = new Repeats();
    const ledger = ledgers.get(this.id) ?? new Ledger();
    ledgers.set(this.id, ledger);
    let claim: Claim | undefined;
    let state: ListenerState = { is: 'opening' };
    // Node-RED hands errors of a config node to the Catch nodes of its users' flows, which it finds here
    this.users = {};

    const setState = (next: ListenerState): void => {
      // a retry is no news until it ends, and a second failure is the first one still
      if (next.is === 'opening' && state.is === 'failed') return;
      const isNews = next.is === 'failed' && (state.is !== 'failed' || state.error.code !== next.error.code);
      state = next;
      for (const user of users) showState(user);
      if (isNews) voice.raise(next.error, toErrorMessage(next.error));
    };
    /** A node has its own trouble where another has its path. */
    const showState = ({ attachment, problem }: User): void => {
      attachment.onState(problem === undefined || state.is === 'failed' ? state : { is: 'failed', error: problem });
    };
    const attempt = <T>(action: () => T): T | undefined => {
      try {
        return action();
      } catch (thrown) {
        setState({ is: 'failed', error: toSetupError(thrown) });
        return undefined;
      }
    };
    const settings = attempt(() => {
      const read = readListenerSettings(RED, def, this.credentials);
      return { ...read, ownSecrets: new Access(read.access).secrets };
    });
    const openDoor = (): void => {
      if (settings === undefined) return;
      const { host, port, tls, door, limits } = settings;
      const holder: Holder = {
        name: def.name || this.id,
        ledger,
        limits,
        onState: setState,
        onRefused(error) {
          const { code, address = '' } = error;
          // the path is no part of it: strangers choose that, and a thousand of them would be a thousand errors
          if (strangers.isRepeated(`${code} ${address}`, Date.now(), strangerEveryMs)) return;
          voice.raise(error, toErrorMessage(error));
        },
      };
      claim = attempt(() =>
        door === 'own' ? claimOwnDoor({ host, port, tls }, this.id, holder, restart) : claimRedDoor(RED, holder),
      );
    };
    /** Takes the node's path, if it can be had. */
    const connect = (user: User): void => {
      const { path, receiver } = user.attachment;
      try {
        user.remove ??= claim?.add(path, receiver, user.rules);
        user.problem = undefined;
      } catch (thrown) {
        user.problem = toSetupError(thrown);
      }
    };
    /** What could not be had before may be free now, and what was free may be taken by a node that is none of ours. */
    const lookAgain = (user: User): void => {
      const { node, path, receiver } = user.attachment;
      const before = user.problem?.message;
      connect(user);
      user.problem ??= claim?.findConflict(path, receiver.methods);
      if (user.problem !== undefined && user.problem.message !== user.told) {
        node.error(user.problem, toErrorMessage(user.problem));
      }
      user.told = user.problem?.message;
      if (before !== user.problem?.message) showState(user);
    };
    const watcher: RestartWatcher = {
      begin: () => undefined,
      end: () => {
        if (claim === undefined && state.is === 'failed' && state.error.retryable) openDoor();
        for (const user of users) lookAgain(user);
      },
    };
    const noteUsers = (): void => {
      // one node of each flow: Node-RED tells the Catch nodes of a flow once for each of its users that stand here
      const nodes = [...users].map(({ attachment }) => attachment.node);
      const flows = new Map(nodes.map((node) => [node.z, node]));
      this.users = Object.fromEntries([...flows.values()].map((node) => [node.id, node]));
    };
    /** Asked whenever something is shown: a node may get another secret while it runs. */
    const noteSecrets = (): void => {
      const secrets = [...users].flatMap(({ rules, attachment }) => [
        ...rules.access.secrets,
        ...(attachment.secrets?.() ?? []),
      ]);
      const all = [...secrets, ...(settings?.ownSecrets ?? [])].filter((secret) => secret !== '');
      ledger.secrets = [...new Set(all)];
    };

    openDoor();
    this.describe = (path) => claim?.describe(path) ?? path;
    this.excerpt = (bytes) => {
      noteSecrets();
      return excerptOf(bytes, ledger.secrets);
    };
    this.publicUrl = () => settings?.publicUrl ?? '';
    this.sight = (path) => {
      noteSecrets();
      return toSight(ledger, path, this.describe(path));
    };
    this.urlPath = (path) => claim?.urlPath(path) ?? path;
    this.refine = (own) => (settings === undefined ? own : refineAccess(settings.access, own));
    this.endpoint = (path, own) => {
      if (settings === undefined || state.is !== 'listening') return undefined;
      const { door, tls } = settings;
      const { basic, header } = this.refine(own);
      const asksWho = basic !== undefined || header !== undefined;
      if (door === 'own') {
        const protocol = tls === undefined ? 'http' : 'https';
        return { protocol, host: settings.host, port: state.port, path, asksWho };
      }
      const { uiHost, uiPort, https } = RED.settings;
      const protocol = https === undefined ? 'http' : 'https';
      // embedded runtimes and settings files leave them out, or take the port from the environment as a text
      const port = readInteger(uiPort, 'uiPort', 1, 65_535, standardRedPort);
      return { protocol, host: readText(uiHost, 'uiHost'), port, path: this.urlPath(path), asksWho };
    };
    this.attach = (attachment) => {
      const rules = this.refine(attachment.access);
      const access = new Access(
        attachment.isPathSecret === true ? { ...rules, basic: undefined, header: undefined } : rules,
      );
      const { bodyBytes: allowedBytes } = settings?.limits ?? standardLimits;
      const bodyBytes = Math.min(allowedBytes, attachment.largestBytes ?? allowedBytes);
      const user: User = { attachment, rules: { access, bodyBytes, ledger } };
      users.add(user);
      noteUsers();
      connect(user);
      showState(user);
      return (removed) => {
        user.remove?.(!removed);
        users.delete(user);
        noteUsers();
      };
    };
    reports.set(this.id, () => {
      noteSecrets();
      return toListenerReport(ledger, state, this.describe(''), Date.now());
    });
    restart.watch(watcher);

    onClose(this, async (removed) => {
      voice.close();
      restart.leave(watcher);
      reports.delete(this.id);
      if (removed) ledgers.delete(this.id);
      await claim?.release();
    });
  }

  RED.nodes.registerType('security-listener', SecurityListener, { credentials: accessCredentials });

  offerReport(RED, 'security-listener', (id) => reports.get(id)?.());
  offerAddresses(RED);
  offerDoorTest(RED);
};

function toErrorMessage({ code, message, retryable, place, address }: SecurityEventsError): NodeMessage {
  return { topic: topicOfErrors, payload: { code, message, retryable, place, address } };
}
