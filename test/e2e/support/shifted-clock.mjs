import process from 'node:process';

// Loaded into a task's process by NODE_OPTIONS: shows it a clock that is some hours off.
const shift = Number(process.env.TEST_CLOCK_SHIFT_HOURS) * 3_600_000;
const now = Date.now.bind(Date);
Date.now = () => now() + shift;
