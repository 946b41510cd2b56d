// The route handler reads the package's own files, so the server takes the package as it is installed.
export default { serverExternalPackages: ["spoken-digits"] };
