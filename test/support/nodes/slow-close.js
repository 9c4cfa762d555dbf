/** A node that closes only when the test says so: a Deploy takes as long as that. */
module.exports = (RED) => {
  RED.nodes.registerType('test-slow-close', function slowClose(def) {
    RED.nodes.createNode(this, def);
    this.on('close', (removed, done) => {
      process.send({ closing: true });
      process.once('message', () => done());
    });
  });
};
