import type { Part, PartEvent } from '../../score/performance.js';
import type { LayerDefinition } from './layers-definition.js';

/** Names a key to glide from. */
const PORTAMENTO_FROM = 84;

/** What one layer plays of a part: its keys and velocities, moved in pitch and time. */
export function layeredPart(part: Part, layer: LayerDefinition): Part {
  const { detuneCents } = layer;
  const events: PartEvent[] = detuneCents === 0 ? [] : [tuning(0, detuneCents)];
  for (const event of part.events) {
    const time = event.time + layer.delaySeconds;
    if (event.kind === 'note') {
      const velocity = Math.max(1, Math.round(event.velocity));
      const key = event.key + layer.transpose;
      const outside =
        event.key < layer.lowKey ||
        event.key > layer.highKey ||
        velocity < layer.lowVelocity ||
        velocity > layer.highVelocity;
      if (!outside && key >= 0 && key <= 127) events.push({ ...event, time, key });
    } else if (event.kind === 'keyPressure') {
      const key = event.key + layer.transpose;
      if (key >= 0 && key <= 127) events.push({ ...event, time, key });
    } else if (event.kind === 'controller' && event.controller === PORTAMENTO_FROM) {
      const value = event.value + (event.value > 0 ? layer.transpose : 0);
      if (value >= 0 && value <= 127) events.push({ ...event, time, value });
    } else if (event.kind === 'system' && event.message.type === 'masterTuning') {
      events.push(tuning(time, event.message.cents + detuneCents));
    } else {
      events.push({ ...event, time });
      // A reset takes the tuning back to zero.
      const isReset = event.kind === 'system' && event.message.type === 'reset';
      if (isReset && detuneCents !== 0) events.push(tuning(time, detuneCents));
    }
  }
  return { ...part, events };
}

function tuning(time: number, cents: number): PartEvent {
  return { kind: 'system', time, message: { type: 'masterTuning', cents } };
}
