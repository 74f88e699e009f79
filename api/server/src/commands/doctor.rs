//! `hansa doctor`: every dependency and setting, and what to do about it.

use api_http::ports::Readiness as _;

use crate::{Options, RootConfig, StartError, join, ports::Dependencies};

pub(crate) async fn run(config: &RootConfig) -> Result<(), StartError> {
    let mut wrong = 0;
    let parts = join(config, &Options::default()).await?;
    let services = &parts.gateway.services;
    let dependencies = Dependencies {
        stores: services.stores.clone(),
        redis: parts.redis.clone(),
        blobs: parts.blobs.clone(),
    };
    for state in dependencies.dependencies().await {
        wrong += usize::from(!state.ready);
        say(&state.name, "answers", state.detail.as_deref());
    }
    for fact in services.stores.facts(&*services.clock).await? {
        wrong += usize::from(fact.refusal.is_some());
        say(
            &format!("{} {}", fact.database, fact.name),
            &fact.value,
            fact.refusal.as_deref(),
        );
    }
    let url = config.public_url();
    let advice = public_url_advice(config, &url);
    wrong += usize::from(advice.is_some());
    say("public URL", &url, advice.as_deref());
    services.stores.close().await;
    match wrong {
        0 => Ok(()),
        _ => Err(StartError::Refused(format!(
            "{wrong} things need attention"
        ))),
    }
}

/// A server that others reach must know its name, and cookies need https.
fn public_url_advice(config: &RootConfig, url: &str) -> Option<String> {
    if config.is_local() || url.starts_with("https://") {
        return None;
    }
    Some("set http.public_url (HANSA_HTTP_PUBLIC_URL) to the https address browsers use".to_owned())
}

fn say(what: &str, value: &str, refusal: Option<&str>) {
    match refusal {
        None => println!("ok     {what}: {value}"),
        Some(refusal) => println!("WRONG  {what}: {value}: {refusal}"),
    }
}
