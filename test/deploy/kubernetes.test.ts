// The manifests against the schemas of Kubernetes and KEDA, and against what this package knows.

import { readFileSync } from "node:fs";
import { ScaledObject } from "@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject";
import { Deployment } from "kubernetes-models/apps/v1/Deployment";
import { HorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import { Service } from "kubernetes-models/v1/Service";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { readSettings } from "../../src/server/settings.ts";

const KINDS = { Deployment, HorizontalPodAutoscaler, PodDisruptionBudget, ScaledObject, Service };

type Manifest = { kind: keyof typeof KINDS; metadata: { name: string } };

function manifestsOf(name: string): Manifest[] {
  const text = readFileSync(new URL(`../../deploy/kubernetes/${name}.yaml`, import.meta.url), "utf8");
  return parseAllDocuments(text).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Manifest;
  });
}

const validate = (manifest: Manifest) => new KINDS[manifest.kind](manifest as never).validate();

function containerOf(name: string) {
  const manifest = manifestsOf(name).find(({ kind }) => kind === "Deployment");
  const { terminationGracePeriodSeconds, containers } = new Deployment(manifest as never).spec!.template
    .spec!;
  return { graceMs: 1000 * terminationGracePeriodSeconds!, container: containers[0]! };
}

describe.each(["service", "batch-workers"])("%s.yaml", (name) => {
  test.each(manifestsOf(name).map((manifest) => [manifest.kind, manifest] as const))(
    "%s is valid",
    (_, manifest) => {
      validate(manifest);
    },
  );

  test("a fault would be found", () => {
    for (const manifest of manifestsOf(name)) {
      const faulty = {
        ...manifest,
        spec: { replicas: "two", ports: 1, minAvailable: {}, maxReplicaCount: "x" },
      };
      expect(() => validate(faulty as never), manifest.kind).toThrow();
    }
  });

  test("probes ask ports that there are", () => {
    const { container } = containerOf(name);
    const ports = container.ports!.map((port) => port.name);
    const probes = [container.startupProbe, container.readinessProbe, container.livenessProbe];
    for (const probe of probes) if (probe) expect(ports).toContain(probe.httpGet!.port);
  });
});

test("the service's settings are known, and it has the time to stop in order", () => {
  const { container, graceMs } = containerOf("service");
  const env = Object.fromEntries(container.env!.map((entry) => [entry.name, entry.value ?? "x".repeat(16)]));
  const { stopDelayMs, stopTimeoutMs, healthPort, rateLimitRedis } = readSettings({}, env);
  expect(graceMs).toBeGreaterThan(stopDelayMs + stopTimeoutMs);
  expect(healthPort).toBe(7861);
  expect(rateLimitRedis).toBe("redis://redis:6379");
});
