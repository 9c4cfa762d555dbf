/**
 * `RED.securityEvents.makePicker`: what may be chosen, beside a field that takes free text as well. It searches and groups, and
 * stands at once whatever the number: no more is drawn than a person looks at. Its texts are in the listener's catalogue.
 *
 * @param place an element that holds nothing else
 * @param options.field the input or textarea: one value, or a list with commas; it is kept in step both ways
 * @param options.isSingle whether one value alone may be chosen
 * @returns `show(entries)`, each `{ value, label, more, group, names }`: what is written into the field, what is read, in small letters
 *     beside it, the heading it stands under, and by which other names the field may already have it. `say(text, isBad)` says
 *     something in its place.
 */
RED.securityEvents.makePicker ??= function (place, { field, isSingle = false }) {
  const shownMost = 100;
  /** Fewer are seen at a glance. */
  const searchedFrom = 9;
  const name = 'security-events-picker-' + RED.nodes.id();
  let entries = [];

  function text(key, values) {
    return RED._('@gatehouse/node-red-security-events/security-listener:security-listener.picker.' + key, values);
  }

  const search = $('<input type="search" autocomplete="off" spellcheck="false">').attr({
    placeholder: text('search'),
    'aria-label': text('search'),
  });
  const list = $('<div role="group">');
  const note = $('<p role="status">');
  place.addClass('security-events-picker').empty().append(search.prop('hidden', true), list, note);

  function written() {
    return isSingle ? [field.val().trim()] : RED.securityEvents.splitList(field.val());
  }

  function isNamedBy(entry, word) {
    return [entry.value].concat(entry.names || []).some(function (each) {
      return String(each).toLowerCase() === word.toLowerCase();
    });
  }

  function rowOf(entry, chosen) {
    const isChosen = chosen.some(function (word) {
      return isNamedBy(entry, word);
    });
    const tick = $('<input>')
      .attr({ type: isSingle ? 'radio' : 'checkbox', name })
      .prop('checked', isChosen)
      .data('entry', entry);
    const words = $('<span>').text(entry.label);
    if (entry.more) words.append(' ', $('<small>').text(entry.more));
    return $('<label>').append(tick, words);
  }

  function draw() {
    const wanted = search.val().toLowerCase().split(/\s+/).filter(Boolean);
    const found = entries.filter(function (entry) {
      return wanted.every(function (word) {
        return entry.words.includes(word);
      });
    });
    const chosen = written();
    let group;
    list.empty();
    for (const entry of found.slice(0, shownMost)) {
      if (entry.group && entry.group !== group) list.append($('<strong>').text(entry.group));
      group = entry.group;
      list.append(rowOf(entry, chosen));
    }
    const more = found.length - shownMost;
    note.attr('class', '').text(more > 0 ? text('more', { number: more }) : found.length ? '' : text('nothing'));
  }

  function tickAll() {
    const chosen = written();
    list.find('input').each(function () {
      const entry = $(this).data('entry');
      $(this).prop(
        'checked',
        chosen.some(function (word) {
          return isNamedBy(entry, word);
        }),
      );
    });
  }

  search.on('input', draw);
  // Enter would close the dialog
  search.on('keydown', function (event) {
    if (event.key === 'Enter') event.preventDefault();
  });
  list.on('change', 'input', function () {
    const entry = $(this).data('entry');
    const others = isSingle
      ? []
      : written().filter(function (word) {
          return !isNamedBy(entry, word);
        });
    field.val(others.concat(this.checked ? [entry.value] : []).join(', ')).trigger('change');
  });
  field.on('input change', tickAll);

  return {
    show(found) {
      entries = found.map(function (entry) {
        const words = [entry.label, entry.more, entry.group, entry.value].filter(Boolean).join(' ').toLowerCase();
        return Object.assign({ words }, entry);
      });
      // in groups, each in the order that it came in
      const groups = [
        ...new Set(
          entries.map(function (entry) {
            return entry.group || '';
          }),
        ),
      ];
      entries.sort(function (one, other) {
        return groups.indexOf(one.group || '') - groups.indexOf(other.group || '');
      });
      search.val('').prop('hidden', entries.length < searchedFrom);
      draw();
    },
    say(words, isBad) {
      entries = [];
      search.prop('hidden', true);
      list.empty();
      note.attr('class', isBad ? 'security-events-bad' : '').text(words);
    },
  };
};

/**
 * A button below a field for cameras, and behind it the cameras and channels that any viewtron-in node has heard of.
 *
 * @param place an element that holds nothing else
 */
RED.securityEvents.prepareCameras ??= function (place, field) {
  function text(key, values) {
    return RED._('@gatehouse/node-red-security-events/security-listener:security-listener.picker.' + key, values);
  }
  const button = $('<button type="button" class="red-ui-button red-ui-button-small">');
  const below = $('<div>');
  button.append('<i class="fa fa-list" aria-hidden="true"></i> ', $('<span>').text(text('cameras')));
  place.empty().append(button, below);
  const picker = RED.securityEvents.makePicker(below, { field });
  below.prop('hidden', true);

  button.on('click', function () {
    below.prop('hidden', false);
    $.getJSON('security-events/viewtron-in-cameras')
      .done(function (cameras) {
        const isPlain = function ({ id, name }) {
          const isTaken = cameras.some(function (other) {
            return other.name === name && other.id !== id;
          });
          return name && !isTaken && !/[,;#，；、]/.test(name);
        };
        // devices choose their ids: they are no names of properties
        const channels = new Map();
        for (const { id, channel } of cameras) {
          if (!channels.has(id)) channels.set(id, new Set());
          if (channel) channels.get(id).add(channel);
        }
        const offered = new Set();
        const entries = cameras.flatMap(function (camera) {
          const { id, name, ip, channel } = camera;
          // a camera has a channel as well: its only one
          const isRecorder = channels.get(id).size > 1;
          const end = isRecorder && channel ? '#' + channel : '';
          const title = name || ip || id;
          const value = (isPlain(camera) ? name : ip || id) + end;
          if (offered.has(id + end)) return [];
          offered.add(id + end);
          const names = [id, name, ip].filter(Boolean).map(function (each) {
            return each + end;
          });
          const more = [ip, id].filter(function (each) {
            return each && each !== title;
          });
          return { value, label: title + end, more: more.join(' · '), group: isRecorder ? title : undefined, names };
        });
        if (entries.length) picker.show(entries);
        else picker.say(text('no-cameras'));
      })
      .fail(function ({ status }) {
        picker.say(text('no-answer', { status }), true);
      });
  });
};
