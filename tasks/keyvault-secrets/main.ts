import { runPhase } from '../shared/run-phase';
import { readSecrets } from './wiring';

void runPhase((control) => readSecrets('main', control));
