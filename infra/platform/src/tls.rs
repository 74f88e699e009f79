//! One TLS implementation for the whole process: rustls with ring.

/// Makes ring the provider of this process, unless `main` or a test has already chosen one.
pub fn install_provider() {
    // The error says that a provider is installed, which is all that is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
