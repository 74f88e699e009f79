//! Memory of an idle signed-in socket in the server's process. Floor: a bare actix-ws socket. Each
//! server is a process of its own; the clients are in this one.

use futures::{StreamExt as _, stream};
use hansa_tests::Column;
use tokio::task::JoinHandle;

use crate::{
    client::{self, Pass, Socket},
    deployment::name_of,
    figure::Figure,
    held::{Held, Service},
    machine::open_files_max,
};

const SOCKETS: usize = 5_000;
/// As many as the product allows a member, ten members a tenant.
const SOCKETS_PER_MEMBER: usize = 20;
const MEMBERS_PER_TENANT: usize = 10;
/// Sockets that are open before memory is first read.
const WARM_UP: usize = 200;
/// Files that a process has open besides its sockets.
const OTHER_FILES: usize = 400;
const OPENED_AT_ONCE: usize = 16;

/// Prints the figure of a column.
pub(crate) async fn measure(column: Column) {
    let sockets = SOCKETS.min(open_files_max().saturating_sub(OTHER_FILES));
    let members = (SOCKETS + WARM_UP).div_ceil(SOCKETS_PER_MEMBER);
    let product = Service::Product {
        column,
        tenants: members.div_ceil(MEMBERS_PER_TENANT),
        people: MEMBERS_PER_TENANT,
    };
    let value = memory(product, sockets).await;
    let floor = memory(Service::Floor, sockets).await;
    Figure {
        name: format!("socket.{}", name_of(column)),
        value: value / 1024.0,
        unit: "KiB",
        floor: floor / 1024.0,
        beside: vec![("sockets", sockets.to_string())],
    }
    .print();
}

/// Bytes that the server's process grows by with each of `sockets`.
async fn memory(service: Service, sockets: usize) -> f64 {
    let server = Held::launch(service).await;
    let places: Vec<Option<Pass>> = match server.passes.as_slice() {
        [] => vec![None; sockets + WARM_UP],
        passes => passes
            .iter()
            .flat_map(|pass| vec![Some(pass.clone()); SOCKETS_PER_MEMBER])
            .take(sockets + WARM_UP)
            .collect(),
    };
    let (first, rest) = places.split_at(WARM_UP.min(places.len()));
    let mut open = open_all(&server.base, first).await;
    let before = server.calm_bytes().await;
    open.extend(open_all(&server.base, rest).await);
    let after = server.calm_bytes().await;
    for task in &open {
        assert!(!task.is_finished(), "the server closed a socket");
        task.abort();
    }
    server.end().await;
    (after - before) / rest.len() as f64
}

/// A socket for each place, read from and kept by a task.
async fn open_all(base: &str, places: &[Option<Pass>]) -> Vec<JoinHandle<()>> {
    let opening = stream::iter(places).map(|place| async move {
        let kept = match place {
            Some(pass) => {
                let mut socket = Socket::open(base, pass).await;
                tokio::spawn(async move { while socket.next().await.is_some() {} })
            }
            None => {
                let mut stream = client::connect(base, "").await;
                tokio::spawn(async move { while stream.next().await.is_some() {} })
            }
        };
        vec![kept]
    });
    opening.buffered(OPENED_AT_ONCE).concat().await
}
