//! What an operator sees: logs on standard error (one JSON object a line, or text for people),
//! metrics for Prometheus through the `metrics` macros, and traces over OTLP when an endpoint is
//! configured.

use std::collections::HashMap;
use std::time::Duration;

use kernel::Secret;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{EnvFilter, Layer};

/// How long one export of traces may take.
const EXPORT_WAIT: Duration = Duration::from_secs(5);
/// How often metrics are tidied when nobody collects them.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);
/// Buckets of every histogram that ends in `_seconds`: 0.5 ms to 10 s.
const SECONDS_BUCKETS: [f64; 14] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// Logs and traces.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TelemetryConfig {
    /// `json`: one object a line, for machines; `human`: text for a terminal.
    pub log_format: LogFormat,
    /// What is logged, in the syntax of `RUST_LOG`: a level, then levels for single modules.
    pub log_filter: String,
    /// Base address of an OpenTelemetry collector that takes OTLP over HTTP, such as
    /// `http://127.0.0.1:4318`. Not set: no traces.
    pub otlp_endpoint: Option<String>,
    /// Headers for the collector, `name=value,name=value`, such as its token.
    #[schemars(with = "String", extend("x-secret" = true))]
    pub otlp_headers: Secret,
    /// Share of traces that are kept, 0 to 1.
    pub trace_ratio: f64,
    /// Name of this service in traces.
    pub service_name: String,
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object a line.
    #[default]
    Json,
    /// Text.
    Human,
}

impl Default for TelemetryConfig {
    fn default() -> Self {
        Self {
            log_format: LogFormat::Json,
            log_filter: "info,hyper=warn,h2=warn,rustls=warn,aws=warn,sqlx=warn,s3s=warn"
                .to_owned(),
            otlp_endpoint: None,
            otlp_headers: Secret::default(),
            trace_ratio: 0.1,
            service_name: "hansa".to_owned(),
        }
    }
}

/// Why telemetry did not start.
#[derive(Debug, Error)]
pub enum TelemetryError {
    /// `log_filter` cannot be read.
    #[error("telemetry.log_filter: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// The exporter refused its configuration.
    #[error("telemetry.otlp_endpoint: {0}")]
    Exporter(String),
    /// Telemetry was started before in this process.
    #[error("telemetry was started twice")]
    Twice,
}

/// The running telemetry of a process.
pub struct Telemetry {
    metrics: PrometheusHandle,
    traces: Option<SdkTracerProvider>,
}

/// Starts logs, metrics and (when configured) traces for the whole process. Inside a tokio runtime.
///
/// # Errors
/// [`TelemetryError`].
pub fn start(config: &TelemetryConfig) -> Result<Telemetry, TelemetryError> {
    let traces = traces(config)?;
    let subscriber = subscriber(config, traces.as_ref(), std::io::stderr)?;
    tracing::subscriber::set_global_default(subscriber).map_err(|_| TelemetryError::Twice)?;
    let recorder = metrics_builder()?.build_recorder();
    let metrics = recorder.handle();
    metrics::set_global_recorder(recorder).map_err(|_| TelemetryError::Twice)?;
    let upkeep = metrics.clone();
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(UPKEEP_EVERY);
        loop {
            tick.tick().await;
            upkeep.run_upkeep();
        }
    });
    Ok(Telemetry { metrics, traces })
}

impl Telemetry {
    /// All metrics in Prometheus' text format.
    #[must_use]
    pub fn render_metrics(&self) -> String {
        self.metrics.render()
    }

    /// A handle for rendering metrics elsewhere.
    #[must_use]
    pub fn metrics(&self) -> PrometheusHandle {
        self.metrics.clone()
    }

    /// Sends the traces that are still here, for up to 5 s; the last thing a process does.
    pub async fn stop(self) {
        let Some(traces) = self.traces else { return };
        // The exporter blocks its thread.
        let stopped = tokio::task::spawn_blocking(move || traces.shutdown()).await;
        if let Ok(Err(error)) = stopped {
            tracing::warn!(%error, "the last traces were not exported");
        }
    }
}

fn metrics_builder() -> Result<PrometheusBuilder, TelemetryError> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS_BUCKETS)
        .map_err(|error| TelemetryError::Exporter(error.to_string()))
}

fn subscriber<W>(
    config: &TelemetryConfig,
    traces: Option<&SdkTracerProvider>,
    writer: W,
) -> Result<impl tracing::Subscriber + Send + Sync, TelemetryError>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(&config.log_filter)?;
    let traces = traces.map(|provider| {
        tracing_opentelemetry::layer().with_tracer(provider.tracer(config.service_name.clone()))
    });
    Ok(tracing_subscriber::registry()
        .with(filter)
        .with(lines(config.log_format, writer))
        .with(traces))
}

fn lines<S, W>(format: LogFormat, writer: W) -> Box<dyn Layer<S> + Send + Sync>
where
    S: tracing::Subscriber + for<'span> LookupSpan<'span>,
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer().with_writer(writer);
    match format {
        LogFormat::Human => lines.boxed(),
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .boxed(),
    }
}

fn traces(config: &TelemetryConfig) -> Result<Option<SdkTracerProvider>, TelemetryError> {
    let Some(endpoint) = config
        .otlp_endpoint
        .as_deref()
        .filter(|text| !text.is_empty())
    else {
        return Ok(None);
    };
    crate::tls::install_provider();
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_http()
        .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
        .with_timeout(EXPORT_WAIT)
        .with_headers(headers(config.otlp_headers.reveal()))
        .build()
        .map_err(|error| TelemetryError::Exporter(error.to_string()))?;
    let ratio = Sampler::TraceIdRatioBased(config.trace_ratio.clamp(0.0, 1.0));
    let resource = Resource::builder()
        .with_service_name(config.service_name.clone())
        .build();
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_sampler(Sampler::ParentBased(Box::new(ratio)))
        .with_resource(resource)
        .build();
    Ok(Some(provider))
}

fn headers(text: &str) -> HashMap<String, String> {
    text.split(',')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Read as _, Write};
    use std::net::TcpListener;
    use std::sync::Arc;

    use parking_lot::Mutex;

    use super::*;

    #[derive(Clone, Default)]
    struct Captured(Arc<Mutex<Vec<u8>>>);

    impl Write for Captured {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(config: &TelemetryConfig, log: impl FnOnce()) -> String {
        let captured = Captured::default();
        let writer = captured.clone();
        let subscriber = subscriber(config, None, move || writer.clone()).unwrap();
        tracing::subscriber::with_default(subscriber, log);
        let bytes = captured.0.lock().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_log_line_is_one_json_object_with_its_fields() {
        let text = logged(&TelemetryConfig::default(), || {
            let _span = tracing::info_span!("request", request_id = "r1").entered();
            tracing::info!(status = 200, password = ?Secret::from("hunter2"), "answered\nonce");
            tracing::debug!("not at this level");
            tracing::info!(target: "hyper", "not of this module");
        });
        assert_eq!(text.lines().count(), 1, "{text}");
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(line["message"], "answered\nonce");
        assert_eq!(
            (&line["status"], &line["level"]),
            (&200.into(), &"INFO".into())
        );
        assert_eq!(line["span"]["request_id"], "r1");
        assert!(!text.contains("hunter2"), "{text}");
    }

    #[test]
    fn a_filter_that_cannot_be_read_is_refused() {
        let config = TelemetryConfig {
            log_filter: "a=b=c".to_owned(),
            ..<_>::default()
        };
        let refused = subscriber(&config, None, std::io::sink).err().unwrap();
        assert!(refused.to_string().contains("log_filter"), "{refused}");
    }

    #[test]
    fn metrics_render_with_our_buckets() {
        let recorder = metrics_builder().unwrap().build_recorder();
        metrics::with_local_recorder(&recorder, || {
            metrics::counter!("things_total", "kind" => "a").increment(2);
            metrics::histogram!("answer_seconds").record(0.004);
        });
        let text = recorder.handle().render();
        assert!(text.contains("things_total{kind=\"a\"} 2"), "{text}");
        assert!(
            text.contains("answer_seconds_bucket{le=\"0.005\"} 1"),
            "{text}"
        );
    }

    /// Takes one request on a free port and answers 200: address, then (request line, headers,
    /// body).
    fn collector() -> (String, std::thread::JoinHandle<(String, Vec<u8>)>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let served = std::thread::spawn(move || {
            let mut reader = BufReader::new(listener.accept().unwrap().0);
            let (mut head, mut length) = (String::new(), 0);
            while !head.ends_with("\r\n\r\n") {
                reader.read_line(&mut head).unwrap();
            }
            for line in head.to_lowercase().lines() {
                if let Some(text) = line.strip_prefix("content-length: ") {
                    length = text.parse().unwrap();
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
            reader.into_inner().write_all(answer).unwrap();
            (head, body)
        });
        (address, served)
    }

    #[tokio::test]
    async fn spans_reach_the_collector_before_the_process_ends() {
        let (address, served) = collector();
        let config = TelemetryConfig {
            otlp_endpoint: Some(address),
            otlp_headers: "x-token=t1".into(),
            trace_ratio: 1.0,
            ..<_>::default()
        };
        let traces = traces(&config).unwrap();
        let subscriber = subscriber(&config, traces.as_ref(), std::io::sink).unwrap();
        tracing::subscriber::with_default(subscriber, || {
            tracing::info_span!("a_span_of_ours").in_scope(|| {});
        });
        let metrics = metrics_builder().unwrap().build_recorder().handle();
        Telemetry { metrics, traces }.stop().await;
        let (head, body) = served.join().unwrap();
        assert!(head.starts_with("POST /v1/traces "), "{head}");
        assert!(head.to_lowercase().contains("x-token: t1"), "{head}");
        assert!(String::from_utf8_lossy(&body).contains("a_span_of_ours"));
    }
}
