// A PeerLink client in Node, written from the comments of session.proto alone: it registers, sends, receives and confirms.
// Usage: node client.js PROTO_DIR HOST:PORT NAME TO TEXT
// It sends TEXT to TO, waits for its DELIVERED receipt and for one message from TO, confirms everything and ends.
'use strict';

const crypto = require('crypto');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [protoDir, firstAddress, name, to, text] = process.argv.slice(2);

const definition = loader.loadSync('peerlink/v1/session.proto', {
  includeDirs: [protoDir],
  keepCase: true,
  longs: String,
  enums: String,
  defaults: true,
  oneofs: true,
});
const { Router } = grpc.loadPackageDefinition(definition).peerlink.v1;
const keys = crypto.generateKeyPairSync('ed25519');
const publicKey = keys.publicKey.export({ type: 'spki', format: 'der' });

// "each field is preceded by its length as 4 bytes big-endian"
function signedBytes(clusterId, nonce) {
  const fields = [Buffer.from('peerlink-attach-v1'), Buffer.from(clusterId), Buffer.from(name), nonce, publicKey];
  return Buffer.concat(fields.flatMap((field) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(field.length);
    return [length, field];
  }));
}

function session(address) {
  const client = new Router(address, grpc.credentials.createInsecure());
  const stream = client.Session();
  const seen = { delivered: false, answered: false };

  stream.on('error', (error) => {
    console.error(`stream failed: ${error.message}`);
    process.exitCode = 1;
  });
  stream.on('end', () => client.close());
  stream.on('data', (frame) => {
    switch (frame.kind) {
      case 'challenge': {
        const { cluster_id: clusterId, nonce } = frame.challenge;
        const signature = crypto.sign(null, signedBytes(clusterId, nonce), keys.privateKey);
        stream.write({ attach: { public_key: publicKey, signature, register: true } });
        break;
      }
      case 'attached':
        console.log(`attached ${name}${frame.attached.registered ? ', registered' : ''}`);
        stream.write({ subscribe: { credit: 100 } });
        stream.write({
          requests: { first_sequence: 1, lowest_unsettled: 1, requests: [{ send: { to, bodies: [Buffer.from(text)] } }] },
        });
        break;
      case 'outcomes':
        for (const run of frame.outcomes.runs) {
          console.log(run.result === 'sent' ? `sent ${run.sent.conversation}` : `refused ${run.refused.code}`);
        }
        break;
      case 'deliveries':
        for (const delivery of frame.deliveries.deliveries) {
          if (delivery.kind === 'messages') {
            for (const body of delivery.messages.bodies) {
              console.log(`message ${delivery.messages.sender} : ${body.toString()}`);
            }
            seen.answered = true;
          } else if (delivery.kind === 'receipt') {
            console.log(`receipt ${delivery.receipt.kind} ${delivery.receipt.peer}`);
            seen.delivered = seen.delivered || delivery.receipt.kind === 'DELIVERED';
          }
        }
        stream.write({ cursor_ack: { inbox_sequence: frame.deliveries.up_to_inbox_sequence } });
        if (seen.delivered && seen.answered) {
          stream.write({ detach: {} });
          stream.end();
        }
        break;
      case 'error':
        if (frame.error.code === 'NOT_LEADER' && frame.error.leader_address) {
          console.log(`redirected`);
          session(frame.error.leader_address);
        } else {
          console.error(`refused ${frame.error.code} ${frame.error.message}`);
          process.exitCode = 1;
        }
        break;
      default:
        // "Unknown frame kinds must be ignored by clients."
        break;
    }
  });
  stream.write({ hello: { protocol_version: 1, name, agent: 'node-example' } });
}

session(firstAddress);
