/*
 * Loaded into a measured process by NODE_OPTIONS: writes into the folder METER, to a file named after the script (and
 * its task), what the process has used when it ends, in milliseconds and bytes, and how long after its start it opened
 * its first connection.
 */
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { performance } = require('node:perf_hooks');
const process = require('node:process');

// The task removes all variables that its libraries do not need.
const folder = process.env.METER;

const connect = net.Socket.prototype.connect;
let firstRequest;
net.Socket.prototype.connect = function (...parameters) {
  firstRequest ??= performance.now();
  return connect.apply(this, parameters);
};

process.once('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const cpu = (userCPUTime + systemCPUTime) / 1000;
  // The agent uses the task's name and ID as the name of its folder.
  const [task = 'script'] = /keyvault-?(secrets|agent-?access)/i.exec(process.argv[1]) ?? [];
  const name = `${task.replaceAll('-', '').toLowerCase()}-${path.parse(process.argv[1]).name}`;
  fs.writeFileSync(
    path.join(folder, `${name}.json`),
    JSON.stringify({ firstRequest, total: performance.now(), cpu, memory: maxRSS * 1024 }),
  );
});
