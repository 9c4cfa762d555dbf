/** Part of a measured process: tells what it has cost so far, whenever it is asked. */
const { monitorEventLoopDelay } = require('node:perf_hooks');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

const resolutionMs = 10;

function tellCost() {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc');

  process.on('message', (asked) => {
    // what a picture's memory hangs on is only found dead by the first
    if (asked.collects) for (let time = 0; time < 2; time++) collectGarbage();
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed, external } = process.memoryUsage();
    // the time between two looks, less the time that was meant to be between them
    const worstDelayMs = Math.max(0, delay.max / 1e6 - resolutionMs);
    delay.reset();
    process.send({ cpuMicroseconds: user + system, worstDelayMs, residentBytes: rss, keptBytes: heapUsed + external });
  });
}

module.exports = { tellCost };
