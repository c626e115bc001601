import process from 'node:process';

// Loaded into a task's process by NODE_OPTIONS: lets it live some hours later, so that leases have expired for it.
const shift = Number(process.env.TEST_CLOCK_SHIFT_HOURS) * 3_600_000;
const now = Date.now.bind(Date);
Date.now = () => now() + shift;
