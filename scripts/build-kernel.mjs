// Compiles the WebAssembly synthesis kernel (AssemblyScript) next to the JavaScript output of render-core.
