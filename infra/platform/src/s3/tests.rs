//! The store over both of its servers, behind the SDK and by signed addresses as a browser uses
//! them: the service in this process, and an S3 that nobody here wrote.

mod both;
mod local;
mod remote;
mod space;
