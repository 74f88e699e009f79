//! The SDK's way to the service in this process: a connector that calls it.

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use reqwest::header::{HOST, HeaderValue};

use super::LocalS3;

/// Calls one service, whatever address the request names.
#[derive(Clone)]
pub(in crate::s3) struct Connector(LocalS3);

impl Connector {
    pub(super) fn new(service: LocalS3) -> Self {
        Self(service)
    }
}

impl std::fmt::Debug for Connector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Connector")
    }
}

impl HttpClient for Connector {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let service = self.0.clone();
        HttpConnectorFuture::new(async move {
            let failed = |error: s3s::StdError| ConnectorError::other(error, None);
            let mut request = request
                .try_into_http1x()
                .map_err(|error| failed(error.into()))?;
            // A connection would add this header, and the signature covers it.
            if let Some(host) = request.uri().authority().map(ToString::to_string) {
                let host = HeaderValue::from_str(&host).map_err(|error| failed(error.into()))?;
                request.headers_mut().insert(HOST, host);
            }
            let answer = service
                .call(request.map(s3s::Body::http_body_unsync))
                .await
                .map_err(|error| failed(error.into()))?;
            HttpResponse::try_from(answer.map(SdkBody::from_body_1_x))
                .map_err(|error| failed(error.into()))
        })
    }
}
