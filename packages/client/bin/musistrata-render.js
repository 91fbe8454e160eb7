#!/usr/bin/env node
// Exists before anything is built, so that npm can link it.
import '../dist/cli/main.js';
