//! The files of the service: written once, synchronised, then only read or removed.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use kernel::Rng;
use sha2::{Digest as _, Sha256};
use tokio::fs::{self, File, OpenOptions};
use tokio::io::AsyncWriteExt as _;

use super::sniff::HEAD_BYTES;

/// A file that has been written and synchronised.
pub(super) struct Written {
    pub(super) size: u64,
    /// Half of the SHA-256 of the content, in hexadecimal.
    pub(super) etag: String,
    /// The first bytes.
    pub(super) head: Vec<u8>,
}

/// A folder of files in 256 sub-folders.
pub(super) struct Files {
    folder: PathBuf,
    rng: Arc<dyn Rng>,
}

impl Files {
    pub(super) async fn open(root: &Path, rng: Arc<dyn Rng>) -> io::Result<Self> {
        let folder = root.join("files");
        for n in 0..=u8::MAX {
            fs::create_dir_all(folder.join(crate::hex::encode(&[n]))).await?;
        }
        sync_folder(&folder).await?;
        sync_folder(root).await?;
        Ok(Self { folder, rng })
    }

    /// A name for the next file of `key`: its hash, and something that is new every time.
    pub(super) fn name(&self, bucket: &str, key: &str) -> String {
        let mut hash = Sha256::new();
        hash.update(bucket.as_bytes());
        hash.update([0]);
        hash.update(key.as_bytes());
        let fresh = self.rng.bytes::<8>();
        format!(
            "{}.{}",
            crate::hex::encode(&hash.finalize()),
            crate::hex::encode(&fresh)
        )
    }

    /// Writes a new file out of `chunks` and synchronises it with its folder. A failed or cancelled
    /// write removes it again.
    pub(super) async fn write<E>(
        &self,
        name: &str,
        bytes_max: u64,
        chunks: impl Stream<Item = Result<Bytes, E>>,
    ) -> io::Result<Written>
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let path = self.path(name);
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
            .await?;
        let unfinished = Unfinished(Some(path.clone()));
        let (mut hash, mut size, mut head) = (Sha256::new(), 0u64, Vec::new());
        let mut chunks = std::pin::pin!(chunks);
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(io::Error::other)?;
            size += chunk.len() as u64;
            if size > bytes_max {
                return Err(io::Error::new(
                    io::ErrorKind::FileTooLarge,
                    "more than allowed",
                ));
            }
            let missing = HEAD_BYTES.saturating_sub(head.len()).min(chunk.len());
            head.extend_from_slice(&chunk[..missing]);
            hash.update(&chunk);
            file.write_all(&chunk).await?;
        }
        file.flush().await?;
        file.sync_all().await?;
        if let Some(folder) = path.parent() {
            sync_folder(folder).await?;
        }
        unfinished.keep();
        let etag = crate::hex::encode(&hash.finalize()[..16]);
        Ok(Written { size, etag, head })
    }

    pub(super) async fn read(&self, name: &str) -> io::Result<File> {
        File::open(self.path(name)).await
    }

    /// Removes a file, if it is there. What stays is removed at the next start.
    pub(super) async fn remove(&self, name: &str) {
        match fs::remove_file(self.path(name)).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, name, "a file was not removed");
            }
            _ => {}
        }
    }

    /// `name` is always one of ours: hexadecimal digits and a dot.
    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name.get(..2).unwrap_or("00")).join(name)
    }
}

/// Removes its file when dropped before it was kept.
struct Unfinished(Option<PathBuf>);

impl Unfinished {
    fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(path) = self.0.take() {
            // A drop cannot wait; the name is in the metadata, so that a failure is made up for.
            let _ = std::fs::remove_file(path);
        }
    }
}

async fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder).await?.sync_all().await
}
