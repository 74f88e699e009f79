//! The routes of files: what is B's, in the hands of A or of a stranger, is answered as what nobody
//! has.

use hansa_tests::{Browser, DESKTOP};
use reqwest::Method;
use serde_json::{Value, json};

use super::scene::{Kind, Scene};

/// What was answered.
type Told = (u16, String);

/// Everything that was found wrong.
pub(super) async fn check(scene: &Scene) -> Vec<String> {
    let (foreign, b) = (&scene.foreign, &scene.b.company.admin.browser);
    let grant = b.grant(&foreign.file, "ORIGINAL", "INLINE").await;
    let grant = grant.expect("B may read its own");
    let avatar = picture(b, "memberAvatarSet", "member { avatarId }", &foreign.avatar).await;
    let logo = picture(b, "companyLogoSet", "company { logoId }", &foreign.logo).await;
    let (mut found, random) = (Vec::new(), Kind::File.random());
    let a = &scene.a.company.tenant;
    let b_path = |kind: &str, id: &str| format!("/files/{}/{kind}/{id}", foreign.tenant);
    let a_path = |kind: &str, id: &str| format!("/files/{a}/{kind}/{id}");
    let forged = grant.replace(&foreign.tenant, a);
    // Of B, by B's own path and by A's; and the same for what is nobody's.
    let cases = [
        (grant.clone(), b_path("AAAA", "none.txt")),
        (forged, a_path("AAAA", "none.txt")),
        (b_path("avatar", &avatar), b_path("avatar", &random)),
        (a_path("avatar", &avatar), a_path("avatar", &random)),
        (b_path("logo", &logo), b_path("logo", &random)),
        (a_path("logo", &logo), a_path("logo", &random)),
        (a_path("avatar", &foreign.file), a_path("avatar", &random)),
    ];
    for own in [&grant, &b_path("avatar", &avatar), &b_path("logo", &logo)] {
        let (status, told) = read(b, own, Method::GET).await;
        if status != 200 {
            found.push(format!("B's own {own}: {status} {told}"));
        }
    }
    let rows = uploads(scene).await;
    let stranger = scene.world.browser.device(DESKTOP);
    for browser in [scene.owner(), &scene.a.colleague.browser, &stranger] {
        for (foreign, random) in &cases {
            for method in [Method::GET, Method::HEAD] {
                let told = read(browser, foreign, method.clone()).await;
                if told.0 != 404 || told != read(browser, random, method).await {
                    found.push(format!("{foreign}: {told:?}"));
                }
            }
        }
        // A session of A takes nothing in for B, as it takes nothing in for nobody.
        let told = send(&browser.in_tenant(&foreign.tenant)).await;
        if told.0 != 401 || told != send(&browser.in_tenant(&Kind::Tenant.random())).await {
            found.push(format!("a small file for B: {told:?}"));
        }
    }
    if uploads(scene).await != rows {
        found.push("the routes of files took something in".to_owned());
    }
    found
}

/// What the routes could have made. (What the pictures were cut from goes in the background.)
async fn uploads(scene: &Scene) -> Vec<Option<Vec<String>>> {
    let (mut a, mut b) = scene.dump().await;
    let mut both = Vec::new();
    for table in ["upload", "file_entry"] {
        both.extend([a.remove(table), b.remove(table)]);
    }
    both
}

async fn picture(owner: &Browser, mutation: &str, answer: &str, file: &str) -> String {
    let input = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let query = format!(
        "mutation($input: {input}!) {{ {mutation}(input: $input) {{
            problem {{ code }} {answer} }} }}"
    );
    let input = json!({ "fileId": file, "crop": { "x": 0, "y": 0, "size": 8 } });
    let set = owner.gql(&query, json!({ "input": input })).await;
    let payload = &set[mutation];
    let id = [
        &payload["member"]["avatarId"],
        &payload["company"]["logoId"],
    ];
    let id = id.into_iter().find_map(Value::as_str);
    id.unwrap_or_else(|| panic!("{set}")).to_owned()
}

async fn read(browser: &Browser, path: &str, method: Method) -> Told {
    let answer = browser.fetch(method, path).send().await.expect("a server");
    let status = answer.status().as_u16();
    (status, answer.text().await.expect("a body"))
}

async fn send(browser: &Browser) -> Told {
    let sent = browser.send_small("nonce-small", "a.txt", b"whole").await;
    (sent.status, sent.body.to_string())
}
