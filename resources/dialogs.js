/**
 * `RED.securityEvents`: what the dialogs of this package share, with the texts of the listener's catalogue. Each dialog
 * names this file before its own script, so that it is there in whatever order they come; the browser fetches it once.
 *
 * fillTemplate(type)             puts the shared sections into a dialog's template: before registerType
 * current(node, property)        the value in the open dialog, else the node's own; '' or a stand-in for a secret
 * isVariable(value)              an environment variable: known to the runtime alone
 * isNumber(value, least, most, isWhole)  in that range; also what is left empty, and a variable
 * accessFault(node, property, value)  what is wrong with a field of "Who may call", as a text; undefined: nothing
 * accessWords(node)              in a few words what those fields ask for, or what stands for none; never a secret
 * prepareCredentials(node)       at the start of oneditprepare
 * takeOnlyListener(node)         a new node needs no choice where there is one listener
 * prepareAddress(node, dialog, options)  the addresses to paste, with their Copy buttons
 * waysTo(listener, machine)      where a listener can be reached, likeliest first
 * ago(time, now), count(number), size(bytes)  in the editor's language
 * definitions(rows), table(caption, heads, rows)  elements that hold nothing but text
 * reportList(node, report), requestList(report)   what the reports of all nodes have
 * watchReport(section, node, show)    loads a node's report when the section opens, and at its Refresh button
 */
RED.securityEvents ??= (function () {
  const catalogue = '@gatehouse/node-red-security-events/security-listener:security-listener.';
  const partners = { user: 'password', password: 'user', headerName: 'headerValue', headerValue: 'headerName' };
  const secrets = ['password', 'headerValue'];

  function say(key, values) {
    return RED._(catalogue + key, values);
  }

  function inputOf(node, property) {
    if (!RED.editor.getEditStack().includes(node)) return $();
    return $((node._def.category === 'config' ? '#node-config-input-' : '#node-input-') + property);
  }

  /**
   * Settings that are judged together must be of the same moment. Undefined is what is not known: credentials come from
   * Node-RED only when a dialog opens.
   */
  function current(node, property) {
    const input = inputOf(node, property);
    if (input.length)
      return input.attr('type') === 'checkbox' ? input.prop('checked') : input.val() === '_ADD_' ? '' : input.val();
    if (node._def.credentials && property in node._def.credentials) {
      const known = node.credentials || {};
      const stored = known['has_' + property];
      return known[property] || (stored ? '__PWRD__' : stored === false ? '' : known[property]);
    }
    return node[property] === undefined ? node._def.defaults[property].value : node[property];
  }

  /** Node-RED puts in what `${NAME}` stands for when the flows start. */
  function isVariable(value) {
    return /^\$[{(]\w+[)}]$/.test(String(value).trim());
  }

  function isNumber(value, least, most, isWhole) {
    const text = String(value === undefined || value === null ? '' : value).trim();
    if (text === '' || isVariable(text)) return true;
    return (isWhole ? /^\d+$/ : /^\d+(\.\d+)?$/).test(text) && Number(text) >= least && Number(text) <= most;
  }

  /** As the runtime takes them apart. */
  function splitList(text) {
    return String(text || '')
      .split(/[,;\n，；、]/)
      .map(function (part) {
        return part.trim();
      })
      .filter(Boolean);
  }

  /** Browsers have had `URL.parse` for too short a time. */
  function parseUrl(text) {
    try {
      return new URL(text);
    } catch {
      return undefined;
    }
  }

  function isNetwork(entry) {
    const [, written, bits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(entry) || [];
    if (!written) return false;
    const address = written.split('%')[0];
    const byte = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
    if (new RegExp('^(' + byte + '\\.){3}' + byte + '$').test(address)) return !(Number(bits) > 32);
    if (!/^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(address)) return false;
    if (!parseUrl(`http://[${address}]/`)) return false;
    const isMapped = /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(address);
    return bits === undefined || (Number(bits) <= 128 && (!isMapped || Number(bits) >= 96));
  }

  function accessFault(node, property, value) {
    if (property === 'allow' || property === 'proxies') {
      const wrong = splitList(value).find(function (entry) {
        return !isNetwork(entry);
      });
      // the editor shows these texts as html
      return wrong && say('error.' + property, { entry: wrong.replace(/[^\w.:/%-]/g, '?').slice(0, 45) });
    }
    const text = secrets.includes(property) ? value || '' : (value || '').trim();
    const other = current(node, partners[property]);
    if (text === '') return other ? say('error.' + property + '-missing') : undefined;
    if (property === 'user' && text.includes(':')) return say('error.user');
    if (property === 'headerName' && !/^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(text)) return say('error.headerName');
    // the editor does not check credentials of a closed dialog: without this a header without a value had no red triangle
    if (property === 'headerName' && other === '') return say('error.headerValue-missing');
    return undefined;
  }

  /** @param options which rules are fields of "Who may call", and what more is said beside them */
  function accessWords(node, { rules = ['allow', 'user', 'header'], more = [] } = {}) {
    const networks = splitList(current(node, 'allow'));
    const user = (current(node, 'user') || '').trim();
    const header = rules.includes('header') && (current(node, 'headerName') || '').trim();
    const words = [
      networks.length > 2 ? say('now.networks', { number: networks.length }) : networks.join(', '),
      user && `${say('now.user')} ${user}`,
      header && `${say('now.header')} ${header}`,
      ...more,
    ].filter(Boolean);
    return words.length ? words : [say(node._def.category === 'config' ? 'now.everybody' : 'now.as-listener')];
  }

  /** The editor takes a field that was never filled in for a change: so that opening and closing a dialog is none. */
  function prepareCredentials(node) {
    const known = (node.credentials = node.credentials || { _: {} });
    if (!known._) return;
    for (const [name, { type }] of Object.entries(node._def.credentials)) {
      const key = type === 'password' ? 'has_' + name : name;
      if (known[key] === undefined && known[name] === undefined)
        known[key] = known._[key] = type === 'password' ? false : '';
    }
  }

  const wildcards = ['', '0.0.0.0', '::', undefined];

  function isLoopback(host) {
    return ['localhost', '::1', '[::1]'].includes(host) || host.startsWith('127.');
  }

  /** What a proxy has put before the editor's own path: it stands before the nodes' paths too. */
  function proxyBase(adminRoot) {
    const [path, root] = [location.pathname, adminRoot || '/'].map(function (each) {
      return each.replace(/\/+$/, '');
    });
    return path.endsWith(root) ? path.slice(0, path.length - root.length) : '';
  }

  function publicWay(listener, root) {
    const url = parseUrl(listener.publicUrl);
    if (!url) return undefined;
    const base = url.pathname.replace(/\/+$/, '');
    return {
      text: say('way.public'),
      protocol: url.protocol,
      host: url.hostname,
      port: url.port,
      root: base + root,
      isPublic: true,
    };
  }

  /**
   * @param machine what the runtime says of its addresses; undefined: not known (yet)
   * A browser on the same machine calls it by a name that no camera can use.
   */
  function waysTo(listener, machine) {
    const { addresses = [], isContainer = false, host, port, https, adminRoot } = machine || {};
    const isRed = listener.door === 'nodered';
    const root = isRed ? RED.settings.httpNodeRoot.replace(/\/$/, '') : '';
    const door = isRed
      ? { protocol: https ? 'https:' : 'http:', port: String(port || ''), root }
      : { protocol: listener.tls ? 'https:' : 'http:', port: String(listener.port ?? '5050'), root };
    const bound = isRed ? host : listener.host;
    const isBound = !wildcards.includes(bound);
    const own = isBound
      ? [{ ...door, text: bound, host: bound }]
      : addresses.map(function ({ address, name }) {
          return { ...door, text: address + ' (' + name + ')', host: address };
        });
    const here = isRed
      ? {
          text: say('way.browser'),
          protocol: location.protocol,
          host: location.hostname,
          port: location.port,
          root: proxyBase(adminRoot) + root,
        }
      : { ...door, text: say('way.browser'), host: location.hostname };
    const isKnown = own.some(function (way) {
      return urlOf(way) === urlOf(here);
    });
    const isUseful = !isLoopback(location.hostname) && !isKnown && (isRed || !isBound);
    // in a container its own addresses are those of a network that no camera is in
    const ways = [publicWay(listener, root)].concat(
      isContainer && isUseful ? [here] : [],
      own,
      !isContainer && isUseful ? [here] : [],
    );
    const found = ways.filter(Boolean);
    const asBrowser = found.findIndex(function (way) {
      return way.host === location.hostname && !way.isPublic;
    });
    if (asBrowser > 0 && !found[0].isPublic) found.unshift(...found.splice(asBrowser, 1));
    return found.length ? found : [{ ...here, text: say('this-machine'), host: say('this-machine') }];
  }

  function urlOf({ protocol, host, port, root }) {
    const isStandard = port === '' || port === (protocol === 'https:' ? '443' : '80');
    return protocol + '//' + bracket(host) + (isStandard ? '' : ':' + port) + root;
  }

  function bracket(host) {
    return host.includes(':') && !host.startsWith('[') ? '[' + host + ']' : host;
  }

  /** A key of a dialog's own catalogue, or of the shared one. */
  function keyOf(type, own, name, key) {
    return (own.includes(name) ? `${type}.` : catalogue) + key;
  }

  function fold(type, name, title, now, body) {
    return `<details class="${type}-${name}">
      <summary><i class="fa fa-angle-right" aria-hidden="true"></i><span data-i18n="${title}"></span><span class="security-events-now" ${now && `data-i18n="${now}"`}></span></summary>
      <div class="security-events-section">${body}</div>
    </details>`;
  }

  function button(css, icon, key) {
    return `<button type="button" class="red-ui-button red-ui-button-small ${css}"><i class="fa ${icon}" aria-hidden="true"></i> <span data-i18n="${catalogue}${key}"></span></button>`;
  }

  const copyButton = button('security-events-copy', 'fa-clipboard', 'label.copy');

  function accessRows({ type, prefix, own }) {
    const hint = (name) => `<p class="security-events-hint" data-i18n="${keyOf(type, own, name, `hint.${name}`)}"></p>`;
    const placeholder = (name) => {
      const key = own.includes('placeholder') ? `${type}.placeholder.${name}` : `${catalogue}placeholder.as-listener`;
      return `data-i18n="[placeholder]${key}"`;
    };
    const row = (name, field, after = '') =>
      `<div class="form-row"><label for="${prefix}${name}" data-i18n="${catalogue}label.${name}"></label>${field}${after}</div>`;
    const text = (name) => `<input type="text" id="${prefix}${name}" spellcheck="false" ${placeholder(name)}>`;
    const secret = (name) => `<input type="password" id="${prefix}${name}">`;
    const area = `<textarea id="${prefix}allow" rows="2" spellcheck="false" ${placeholder('allow')}></textarea>`;
    return {
      allow: row('allow', area, hint('allow')),
      user: row('user', text('user')) + row('password', secret('password'), hint('user')),
      header:
        row('headerName', text('headerName')) +
        row('headerValue', secret('headerValue'), hint(own.includes('header') ? 'header' : 'access')),
    };
  }

  /**
   * `<div data-section="access">` and others in a template. `data-own` names the texts that are the dialog's own; what
   * stands in the place comes last in its section.
   */
  const sections = {
    /** Who may call. `data-fields`: which rules, in their order. */
    access(dialog) {
      const { type, place, data } = dialog;
      const rows = accessRows(dialog);
      const fields = (data.fields || 'allow user header').split(' ');
      return fold(type, 'access', `${catalogue}section.access`, '', fields.map((name) => rows[name]).join('') + place);
    },

    /** The report of a running node; with `data-test` the button that sends a sample through it. */
    state({ type, own, place, data }) {
      const title = own.includes('title') ? `${type}.section.state` : `${catalogue}section.node-state`;
      const body = `
        <p class="security-events-note" role="status"></p>
        <div class="security-events-report"></div>
        ${button('security-events-refresh', 'fa-refresh', 'state.refresh')}
        ${data.test === undefined ? '' : `<span data-i18n="[title]${catalogue}test.tip">${button('security-events-test', 'fa-paper-plane-o', 'test.button')}</span>`}
        <p class="security-events-tested" role="status"></p>`;
      return fold(type, 'state', title, `${type}.state.now`, body + place);
    },

    /** The address to paste, below the path. */
    address: ({ type }) => `
      <div class="form-row security-events-where">
        <label for="${type}-way"><i class="fa fa-map-signs" aria-hidden="true"></i> <span data-i18n="${catalogue}label.way"></span></label>
        <select id="${type}-way" data-i18n="[title]${catalogue}tip.way"></select>
        <p class="security-events-hint" role="status"><span data-i18n="${type}.hint.address"></span> <code class="security-events-address security-events-url"></code> ${copyButton}</p>
        <p class="security-events-hint security-events-way-note" role="status"></p>
      </div>`,

    /** What to do at the vendor's. `data-parts`: its page asks for the parts of the address. `data-steps`: how many. */
    setup({ type, place, data }) {
      const parts = (data.parts || '')
        .split(' ')
        .filter(Boolean)
        .map(
          (name) => `
        <dt data-i18n="${type}.part.${name}"></dt>
        <dd data-part="${name}"><code class="security-events-address"></code> ${name === 'protocol' ? '' : copyButton}</dd>`,
        );
      const steps = Array.from(
        { length: Number(data.steps) },
        (_, index) => `<li data-i18n="${type}.step.${index + 1}"></li>`,
      );
      const list = parts.length ? `<dl class="security-events-parts">${parts.join('')}</dl>` : '';
      return fold(
        type,
        'setup',
        `${type}.section.setup`,
        '',
        `<ol class="security-events-steps">${steps.join('')}</ol>${list}${place}`,
      );
    },
  };

  function fillTemplate(type) {
    const template = $(`script[data-template-name="${type}"]`)[0];
    const content = $('<div>').html(template.text);
    const prefix = template.text.includes('id="node-config-input-') ? 'node-config-input-' : 'node-input-';
    content.find('[data-section]').each(function () {
      const data = this.dataset;
      const own = (data.own || '').split(' ');
      $(this).replaceWith(sections[data.section]({ type, prefix, own, data, place: this.innerHTML }));
    });
    template.text = content.html();
  }

  function takeOnlyListener(node) {
    const select = $('#node-input-listener');
    const listeners = select.find('option').filter(function () {
      return RED.nodes.node(this.value);
    });
    if (!node.listener && listeners.length === 1) select.val(listeners.val());
  }

  /** The way that was chosen, by listener: the next dialog of it begins with the same. */
  const chosenWays = {};

  function noteOf(way, isCloud) {
    if (isLoopback(way.host)) return say('way.note.local');
    if (isCloud && (way.protocol !== 'https:' || !way.isPublic)) return say('way.note.cloud');
    return '';
  }

  /**
   * @param isCloud it calls from the internet
   * @param pathOf what stands for a path such as *, as a text; undefined: no address can be told
   * @param onShow told of each address that is shown; '' where there is none
   */
  function prepareAddress(node, dialog, { isCloud = false, pathOf, onShow } = {}) {
    const select = dialog.find('.security-events-where select');
    const setup = dialog.find('.' + node.type + '-setup');
    let machine;
    let ways = [];

    function fill(listener) {
      ways = waysTo(listener, machine);
      const chosen = ways.findIndex(function (way) {
        return way.text === chosenWays[listener.id];
      });
      select.empty();
      ways.forEach(function ({ text }, index) {
        $('<option>').val(index).text(text).appendTo(select);
      });
      select.val(Math.max(0, chosen));
    }
    function show() {
      const listener = RED.nodes.node($('#node-input-listener').val());
      const written = $('#node-input-path').val().trim();
      const path = pathOf ? pathOf(written) : written.startsWith('/') ? written : undefined;
      const isKnown = Boolean(listener && path);
      dialog.find('.security-events-where').prop('hidden', !isKnown);
      setup.find('.security-events-parts').prop('hidden', !isKnown);
      const way = listener && ways[select.val()];
      const url = isKnown && way ? urlOf(way) + path : '';
      dialog.find('.security-events-url').text(url);
      if (way && isKnown) {
        const port = way.port || (way.protocol === 'https:' ? '443' : '80');
        const parts = {
          protocol: way.protocol.slice(0, -1).toUpperCase(),
          host: way.host,
          port,
          path: way.root + path,
        };
        for (const [name, text] of Object.entries(parts)) setup.find('[data-part=' + name + '] code').text(text);
        const note =
          noteOf(way, isCloud) || (machine && machine.isContainer && !way.isPublic ? say('way.note.container') : '');
        dialog.find('.security-events-way-note').text(note).prop('hidden', !note);
      }
      if (onShow) onShow(url);
    }
    function refill() {
      const listener = RED.nodes.node($('#node-input-listener').val());
      if (listener) fill(listener);
      show();
    }
    $('#node-input-listener').on('change', refill);
    select.on('change', function () {
      chosenWays[$('#node-input-listener').val()] = select.find('option:selected').text();
    });
    dialog.on('input change', show);
    dialog.on('click', '.security-events-copy', function () {
      const text = $(this).siblings('code').text();
      // also where the page came by plain http, and the browser has no clipboard for it
      RED.clipboard.copyText(text, $(this), 'clipboard.copyMessageValue');
    });
    setup.prop('open', !node.listener);
    refill();
    $.getJSON('security-events/security-listener/addresses').done(function (found) {
      machine = found;
      refill();
    });
  }

  /** "3 minutes ago". Both times are the server's: this computer's clock may be another. */
  function ago(time, now) {
    const seconds = Math.max(0, Math.round((new Date(now || Date.now()) - new Date(time)) / 1000));
    if (Number.isNaN(seconds)) return '';
    const units = [
      ['day', 86400],
      ['hour', 3600],
      ['minute', 60],
      ['second', 1],
    ];
    const unit =
      units.find(function (each) {
        return seconds >= each[1];
      }) || units[3];
    return new Intl.RelativeTimeFormat(RED.i18n.lang(), { numeric: 'always' }).format(
      -Math.floor(seconds / unit[1]),
      unit[0],
    );
  }

  function count(number) {
    return Number(number || 0).toLocaleString();
  }

  function size(bytes) {
    const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
    let value = Number(bytes || 0);
    while (value >= 1024 && units.length > 1) {
      value /= 1024;
      units.shift();
    }
    return value.toLocaleString(undefined, {
      style: 'unit',
      unit: units[0],
      maximumFractionDigits: value < 10 ? 1 : 0,
    });
  }

  /** Rows of [name, text, css class]; those without a text are left out. */
  function definitions(rows) {
    const list = $('<dl>');
    for (const [name, text, css] of rows) {
      if (text === undefined || text === '') continue;
      $('<dt>').text(name).appendTo(list);
      $('<dd>')
        .addClass(css || '')
        .text(text)
        .appendTo(list);
    }
    return list;
  }

  /** Rows of cells; a cell is a text, or [text, css class]. */
  function table(caption, heads, rows) {
    const element = $('<table>').append($('<caption>').text(caption));
    const head = $('<tr>').appendTo($('<thead>').appendTo(element));
    for (const text of heads) $('<th scope="col">').text(text).appendTo(head);
    const body = $('<tbody>').appendTo(element);
    for (const cells of rows) {
      const row = $('<tr>').appendTo(body);
      for (const cell of cells) {
        const [text, css] = [].concat(cell);
        $('<td>')
          .addClass(css || '')
          .text(text)
          .appendTo(row);
      }
    }
    return element;
  }

  /** The rows that nodes have, in this order; whatever a report lacks is left out. */
  const rowNames = [
    'listening',
    'lastRequest',
    'posts',
    'events',
    'sent',
    'stale',
    'previous',
    'dropped',
    'refused',
    'errors',
    'lastError',
    'lastEvent',
  ];
  const sharedRows = ['listening', 'lastRequest', 'sent', 'dropped', 'refused', 'errors', 'lastError', 'lastEvent'];

  /** What happened, and how long ago. */
  function occurrence(entry, report) {
    return (entry.summary || entry.message || entry.address) + ' (' + ago(entry.time, report.now) + ')';
  }

  function reasons(type, counts) {
    return Object.entries(counts)
      .filter(function ([, number]) {
        return number > 0;
      })
      .map(function ([name, number]) {
        const key = 'reason.' + name.replace(' ', '-');
        const text = RED._('@gatehouse/node-red-security-events/' + type + ':' + type + '.' + key, {
          defaultValue: say(key, { defaultValue: name }),
        });
        return text + ' ' + count(number);
      })
      .join(' · ');
  }

  function reportList(node, report) {
    return definitions(
      rowNames.map(function (name) {
        const value = report[name];
        const label = sharedRows.includes(name)
          ? say('state.' + (name === 'refused' ? 'node-refused' : name))
          : node._(node.type + '.state.' + name);
        if (value === undefined || value === null) return [label, undefined];
        if (typeof value === 'string') return [label, value];
        if (typeof value === 'number')
          return [
            label,
            name === 'previous' && !value ? undefined : count(value),
            name === 'errors' && value ? 'security-events-bad' : '',
          ];
        if (value.time) return [label, occurrence(value, report), name === 'lastError' ? 'security-events-bad' : ''];
        const words = reasons(node.type, value);
        return [label, words || count(0), name === 'refused' && words ? 'security-events-bad' : ''];
      }),
    );
  }

  /** Requests that were refused or could not be read, newest first; nothing where there are none. */
  function requestList({ requests = [], now }, caption = say('state.requests')) {
    if (!requests.length) return [];
    const rows = requests.map(function (request) {
      const what = [request.method, request.target].filter(Boolean).join(' ') || say('state.no-request');
      const row = $('<li>').append(
        $('<div>').append($('<code>').text(what), $('<small>').text(request.address + ' · ' + ago(request.time, now))),
        $('<p>').text(request.message),
      );
      if (request.excerpt)
        $('<details>')
          .append($('<summary>').text(say('state.excerpt')), $('<pre>').text(request.excerpt))
          .appendTo(row);
      return row;
    });
    return [
      $('<p class="security-events-caption">').text(caption),
      $('<ol class="security-events-requests">').attr('aria-label', caption).append(rows),
    ];
  }

  /** @param show makes elements of a report. Names and requests come from strangers: everything goes in as text */
  function watchReport(section, node, show) {
    const note = section.find('.security-events-note');
    const place = section.find('.security-events-report');
    let asked = 0;
    function load() {
      const turn = ++asked;
      $.getJSON('security-events/' + node.type + '/' + encodeURIComponent(node.id) + '/report')
        .done(function (report) {
          if (turn !== asked) return;
          note.text('').prop('hidden', true);
          place.empty().append(show(report));
        })
        .fail(function (request) {
          if (turn !== asked) return;
          place.empty();
          const key = request.status === 404 ? 'not-deployed' : 'unreadable';
          note.prop('hidden', false).text(say('state.' + key, { status: request.status }));
        });
    }
    section.on('toggle', function () {
      if (this.open) load();
    });
    section.find('.security-events-refresh').on('click', load);
    prepareTest(section, node, load);
  }

  /** The running node makes an event of a sample, as if its device had sent it. */
  function prepareTest(section, node, onDone) {
    const test = section.find('.security-events-test');
    const result = section.find('.security-events-tested');
    test.on('click', function () {
      test.prop('disabled', true);
      result.removeClass('security-events-bad').text(say('test.running'));
      $.ajax({ url: 'security-events/' + node.type + '/' + encodeURIComponent(node.id) + '/test', method: 'POST' })
        .done(function ({ sent, dropped, error }) {
          const reason = dropped && reasons(node.type, { [dropped]: 1 }).replace(/ 1$/, '');
          result
            .toggleClass('security-events-bad', !sent)
            .text(sent ? say('test.sent', { event: sent }) : error || say('test.dropped', { reason }));
          onDone();
        })
        .fail(function ({ status }) {
          const key =
            { 404: 'test.not-deployed', 401: 'test.forbidden', 403: 'test.forbidden' }[status] || 'test.failed';
          result.addClass('security-events-bad').text(say(key, { status }));
        })
        .always(function () {
          test.prop('disabled', false);
        });
    });
  }

  $('<link rel="stylesheet">')
    .attr('href', RED.settings.apiRootUrl + 'resources/@gatehouse/node-red-security-events/dialogs.css')
    .appendTo('head');

  return {
    fillTemplate,
    current,
    isVariable,
    isNumber,
    splitList,
    accessFault,
    accessWords,
    prepareCredentials,
    takeOnlyListener,
    prepareAddress,
    waysTo,
    urlOf,
    ago,
    count,
    size,
    definitions,
    table,
    reportList,
    requestList,
    watchReport,
  };
})();
