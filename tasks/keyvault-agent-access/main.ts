import { runPhase } from '../shared/run-phase';
import { allowAgent } from './wiring';

void runPhase((control) => allowAgent('main', control));
