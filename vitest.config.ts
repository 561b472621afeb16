import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/support/build-page.ts",
    // The first test of a file may have to wait for Azurite.
    hookTimeout: 60_000,
    testTimeout: 30_000,
    // CI counts by the runner's own report.
    reporters: process.env.CI ? ["default", ["json", { outputFile: "coverage/test-report.json" }]] : ["default"],
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      // Runs in the browser, where test/browser looks at it.
      exclude: ["src/console/page/**"],
      reporter: ["text-summary", "html"],
      thresholds: { statements: 90 },
    },
  },
});
