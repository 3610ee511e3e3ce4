import { bearer } from './curl.js';

/** What the texts are filled with. Without a key, senders on the same machine need none. */
export interface Target {
  readonly url: string;
  readonly key: string | null;
}

export interface Step {
  /** What to do, in a few words. */
  readonly say: string;
  readonly text: string;
}

export interface Guide {
  readonly id: string;
  readonly name: string;
  readonly steps: (target: Target) => readonly Step[];
}

/** The variables that every OpenTelemetry SDK reads. */
export function environment({ url, key }: Target): string {
  const lines = [
    'export OTEL_SERVICE_NAME=checkout',
    'export OTEL_RESOURCE_ATTRIBUTES=service.version=1.4.0,deployment.environment.name=production',
    `export OTEL_EXPORTER_OTLP_ENDPOINT=${url}`,
    'export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf',
  ];
  if (key !== null) lines.push(`export OTEL_EXPORTER_OTLP_HEADERS="Authorization=Bearer%20${key}"`);
  return lines.join('\n');
}

function withVariables(target: Target): Step {
  return {
    say: 'Say who it is and where Lemni is. On name, version and environment everything meets',
    text: environment(target),
  };
}

const node: Guide = {
  id: 'node',
  name: 'Node.js',
  steps: (target) => [
    { say: 'Install', text: 'npm install @opentelemetry/api @opentelemetry/auto-instrumentations-node' },
    withVariables(target),
    {
      say: 'Start, without a change to the code',
      text: `export OTEL_LOGS_EXPORTER=otlp OTEL_METRICS_EXPORTER=otlp
node --require @opentelemetry/auto-instrumentations-node/register app.js`,
    },
  ],
};

const python: Guide = {
  id: 'python',
  name: 'Python',
  steps: (target) => [
    {
      say: 'Install',
      text: `pip install opentelemetry-distro opentelemetry-exporter-otlp
opentelemetry-bootstrap -a install`,
    },
    withVariables(target),
    {
      say: 'Start, without a change to the code',
      text: `export OTEL_PYTHON_LOGGING_AUTO_INSTRUMENTATION_ENABLED=true
opentelemetry-instrument python app.py`,
    },
  ],
};

const java: Guide = {
  id: 'java',
  name: 'Java',
  steps: (target) => [
    {
      say: 'Get the agent',
      text: 'curl -LO https://github.com/open-telemetry/opentelemetry-java-instrumentation/releases/latest/download/opentelemetry-javaagent.jar',
    },
    withVariables(target),
    {
      say: 'Start, without a change to the code',
      text: 'java -javaagent:opentelemetry-javaagent.jar -jar app.jar',
    },
  ],
};

const go: Guide = {
  id: 'go',
  name: 'Go',
  steps: (target) => [
    {
      say: 'Install',
      text: `go get go.opentelemetry.io/otel/sdk \\
  go.opentelemetry.io/contrib/exporters/autoexport \\
  go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp`,
    },
    {
      say: 'At the start of main',
      text: `exporter, err := autoexport.NewSpanExporter(ctx)
if err != nil {
	log.Fatal(err)
}
provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter))
defer provider.Shutdown(ctx)
otel.SetTracerProvider(provider)
otel.SetTextMapPropagator(propagation.TraceContext{})

http.ListenAndServe(":8080", otelhttp.NewHandler(mux, "server"))`,
    },
    withVariables(target),
  ],
};

const dotnet: Guide = {
  id: 'dotnet',
  name: '.NET',
  steps: (target) => [
    {
      say: 'Install',
      text: `dotnet add package OpenTelemetry.Extensions.Hosting
dotnet add package OpenTelemetry.Exporter.OpenTelemetryProtocol
dotnet add package OpenTelemetry.Instrumentation.AspNetCore
dotnet add package OpenTelemetry.Instrumentation.Http`,
    },
    {
      say: 'In Program.cs',
      text: `builder.Logging.AddOpenTelemetry();
builder.Services.AddOpenTelemetry()
    .UseOtlpExporter()
    .WithTracing(t => t.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation())
    .WithMetrics(m => m.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation());`,
    },
    withVariables(target),
  ],
};

const collector: Guide = {
  id: 'collector',
  name: 'Collector',
  steps: ({ url, key }) => [
    {
      say: 'Add an exporter to the configuration of your OpenTelemetry Collector',
      text: `exporters:
  otlphttp/lemni:
    endpoint: ${url}${key === null ? '' : `\n    headers:\n      Authorization: Bearer ${key}`}

service:
  pipelines:
    traces: { receivers: [otlp], processors: [batch], exporters: [otlphttp/lemni] }
    metrics: { receivers: [otlp], processors: [batch], exporters: [otlphttp/lemni] }
    logs: { receivers: [otlp], processors: [batch], exporters: [otlphttp/lemni] }`,
    },
  ],
};

const curl: Guide = {
  id: 'curl',
  name: 'curl',
  steps: ({ url, key }) => [
    {
      say: 'One log line, by hand',
      text: `curl -sS ${url}/v1/logs -H 'content-type: application/json'${bearer(key)} -d '{"resourceLogs":[{
  "resource":{"attributes":[{"key":"service.name","value":{"stringValue":"my-service"}}]},
  "scopeLogs":[{"logRecords":[{"timeUnixNano":"'$(date +%s)'000000000",
    "severityNumber":9,"severityText":"INFO","body":{"stringValue":"Hello from the terminal"}}]}]}]}'`,
    },
  ],
};

export const otelGuides: readonly Guide[] = [node, python, java, go, dotnet, collector, curl];
