/** A few made-up vehicles for the cameras to describe, and where in the picture they stop. */
import type { Box } from '../geometry';
import type { VehicleAttributes } from './identity';

export const vehicles: readonly [VehicleAttributes, ...VehicleAttributes[]] = [
  { color: 'blue', type: 'saloon car', brand: 'DemoBrand', model: 'DemoBrand_One' },
  { color: 'white', type: 'suv', brand: 'DemoBrand', model: 'DemoBrand_Trail' },
  { color: 'grey', type: 'mpv', brand: 'SampleMotors', model: 'SampleMotors_Van' },
  { color: 'red', type: 'truck', brand: 'SampleMotors', model: 'SampleMotors_Haul' },
];

/** Coming nearer a car fills more of the picture than going away. */
export const carBoxes: Readonly<Record<'approach' | 'away', Box>> = {
  approach: { x1: 3000, y1: 3800, x2: 7000, y2: 8800 },
  away: { x1: 3600, y1: 4000, x2: 6600, y2: 7800 },
};
