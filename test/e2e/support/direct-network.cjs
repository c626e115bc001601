/*
 * Loaded into a task's process by NODE_OPTIONS: what a host name leads to when no proxy is in between. DIRECT_NETWORK is
 * JSON, by host: the port on loopback where it is served, or the error code that name resolution ends in. Other hosts
 * than loopback are unknown, so that a test never leaves the machine; so is everything to who does not insist on IPv4.
 */
const dns = require('node:dns');
const net = require('node:net');
const process = require('node:process');

const served = JSON.parse(process.env.DIRECT_NETWORK ?? '{}');
const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function (...parameters) {
  const options = Array.isArray(parameters[0]) ? parameters[0][0] : parameters[0];
  const host = options?.host;
  if (typeof host === 'string' && typeof served[host] === 'number' && (options.family === 4 || net.isIP(host) !== 0)) {
    options.port = served[host];
    options.host = '127.0.0.1';
  } else if (net.isIP(host) !== 0 && host !== '127.0.0.1') {
    // Nothing listens on this port of loopback.
    Object.assign(options, { host: '127.0.0.1', port: 9 });
  }
  return connect.apply(this, parameters);
};

dns.lookup = (host, options, done) => {
  const callback = done ?? options;
  if (host === '127.0.0.1' || host === 'localhost') {
    if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }]);
    else callback(null, '127.0.0.1', 4);
    return;
  }
  const code = typeof served[host] === 'string' ? served[host] : 'ENOTFOUND';
  const error = Object.assign(new Error(`getaddrinfo ${code} ${host}`), {
    code,
    hostname: host,
    syscall: 'getaddrinfo',
  });
  process.nextTick(callback, error);
};
