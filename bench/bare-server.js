/** The limit for anything in Node.js: reads, throws away, answers. */
const { createServer } = require('node:http');
const { tellCost } = require('./tell-cost');

const answer = Buffer.from(
  '<?xml version="1.0" encoding="UTF-8"?><config version="1.0"><status>success</status></config>',
);
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(200, { 'Content-Type': 'application/xml', 'Content-Length': answer.length });
    response.end(answer);
  });
});
tellCost();
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
