//! The records of a zip file as PKWARE's APPNOTE 6.3 has them, and the directory at its end. The
//! numbers of its sections stand beside the code.

use bytes::{BufMut as _, Bytes, BytesMut};
use chrono::{DateTime, Datelike as _, Timelike as _, Utc};
use kernel::Instant;

/// Sizes and offsets from here on do not fit the old fields (4.4.1.4).
pub(super) const ZIP64_FROM: u64 = 0xffff_ffff;
const COUNT_ZIP64_FROM: usize = 0xffff;
/// Flags (4.4.4): a descriptor follows the bytes, the name is UTF-8.
const FLAGS: u16 = 1 << 3 | 1 << 11;
const VERSION: u16 = 20;
const VERSION_ZIP64: u16 = 45;
/// Made on Unix, so that the mode below is read.
const MADE_BY: u16 = 3 << 8 | VERSION_ZIP64;
/// A plain file that its owner may write, in the upper half.
const MODE: u32 = 0o100_644 << 16;

/// What is known of one file.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) name: String,
    pub(super) size_bytes: u64,
    pub(super) changed_at: Instant,
    /// Where its header begins.
    pub(super) offset: u64,
    /// CRC-32 of its bytes, known behind them.
    pub(super) sum: u32,
}

/// What was sent so far, and the directory that will end it.
pub(super) struct Directory {
    zip64_from: u64,
    offset: u64,
    count: usize,
    /// The finished records of the central directory.
    records: BytesMut,
}

impl Directory {
    pub(super) fn new(zip64_from: u64) -> Self {
        Self {
            zip64_from,
            offset: 0,
            count: 0,
            records: BytesMut::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Counts bytes of a body.
    pub(super) fn sent(&mut self, bytes: usize) {
        self.offset += bytes as u64;
    }

    /// The local header (4.3.7): sums and sizes are zero, the descriptor tells them. A zip64 field
    /// says that the descriptor's sizes have eight bytes.
    pub(super) fn header(&mut self, record: &Record) -> Bytes {
        let zip64 = record.size_bytes >= self.zip64_from;
        let mut extra = BytesMut::new();
        put_time(&mut extra, record.changed_at);
        if zip64 {
            put_zip64(&mut extra, &[0, 0]);
        }
        let mut out = BytesMut::new();
        out.put_u32_le(0x0403_4b50);
        out.put_u16_le(version(zip64));
        put_kind_and_time(&mut out, record.changed_at);
        out.put_u32_le(0);
        let sizes = if zip64 { u32::MAX } else { 0 };
        out.put_u32_le(sizes);
        out.put_u32_le(sizes);
        out.put_u16_le(short(record.name.len()));
        out.put_u16_le(short(extra.len()));
        out.put_slice(record.name.as_bytes());
        out.put_slice(&extra);
        self.send(out)
    }

    /// The descriptor behind the bytes (4.3.9); the record goes into the directory (4.3.12).
    pub(super) fn close(&mut self, record: Record) -> Bytes {
        let zip64 = record.size_bytes >= self.zip64_from;
        let mut out = BytesMut::new();
        out.put_u32_le(0x0807_4b50);
        out.put_u32_le(record.sum);
        for _ in ["compressed", "plain"] {
            if zip64 {
                out.put_u64_le(record.size_bytes);
            } else {
                out.put_u32_le(low(record.size_bytes));
            }
        }
        self.enter(&record);
        self.send(out)
    }

    fn enter(&mut self, record: &Record) {
        let large = record.size_bytes >= self.zip64_from;
        let far = record.offset >= self.zip64_from;
        let mut wide = Vec::new();
        if large {
            wide.extend([record.size_bytes; 2]);
        }
        if far {
            wide.push(record.offset);
        }
        let mut extra = BytesMut::new();
        put_time(&mut extra, record.changed_at);
        if !wide.is_empty() {
            put_zip64(&mut extra, &wide);
        }
        let out = &mut self.records;
        out.put_u32_le(0x0201_4b50);
        out.put_u16_le(MADE_BY);
        out.put_u16_le(version(large || far));
        put_kind_and_time(out, record.changed_at);
        out.put_u32_le(record.sum);
        let size = if large {
            u32::MAX
        } else {
            low(record.size_bytes)
        };
        out.put_u32_le(size);
        out.put_u32_le(size);
        out.put_u16_le(short(record.name.len()));
        out.put_u16_le(short(extra.len()));
        // No comment, first disk, no internal attributes.
        out.put_slice(&[0; 6]);
        out.put_u32_le(MODE);
        out.put_u32_le(if far { u32::MAX } else { low(record.offset) });
        out.put_slice(record.name.as_bytes());
        out.put_slice(&extra);
        self.count += 1;
    }

    /// The directory and its end (4.3.14 to 4.3.16).
    pub(super) fn finish(&mut self) -> Bytes {
        let mut out = std::mem::take(&mut self.records);
        let (begin, length, count) = (self.offset, out.len() as u64, self.count as u64);
        let far = begin.max(length) >= self.zip64_from;
        let many = self.count >= COUNT_ZIP64_FROM;
        if far || many {
            out.put_u32_le(0x0606_4b50);
            // The length of what follows in this record.
            out.put_u64_le(44);
            out.put_u16_le(MADE_BY);
            out.put_u16_le(VERSION_ZIP64);
            // This disk and the directory's.
            out.put_u64_le(0);
            for number in [count, count, length, begin] {
                out.put_u64_le(number);
            }
            out.put_u32_le(0x0706_4b50);
            out.put_u32_le(0);
            out.put_u64_le(begin + length);
            // One disk.
            out.put_u32_le(1);
        }
        out.put_u32_le(0x0605_4b50);
        out.put_u32_le(0);
        let count = if many { u16::MAX } else { short(self.count) };
        out.put_u16_le(count);
        out.put_u16_le(count);
        out.put_u32_le(if far { u32::MAX } else { low(length) });
        out.put_u32_le(if far { u32::MAX } else { low(begin) });
        // No comment.
        out.put_u16_le(0);
        self.send(out)
    }

    fn send(&mut self, out: BytesMut) -> Bytes {
        self.offset += out.len() as u64;
        out.freeze()
    }
}

fn version(zip64: bool) -> u16 {
    if zip64 { VERSION_ZIP64 } else { VERSION }
}

/// Flags, method 0 (stored), time and date as DOS has them (4.4.6), in UTC.
fn put_kind_and_time(out: &mut BytesMut, at: DateTime<Utc>) {
    out.put_u16_le(FLAGS);
    out.put_u16_le(0);
    let year = at.year().clamp(1980, 2107) - 1980;
    let number = |n: u32| u16::try_from(n).unwrap_or_default();
    out.put_u16_le(number(
        at.hour() << 11 | at.minute() << 5 | (at.second() / 2),
    ));
    out.put_u16_le(number(
        year.unsigned_abs() << 9 | at.month() << 5 | at.day(),
    ));
}

/// The extended timestamp of Info-ZIP: seconds of Unix, which know no time zone.
fn put_time(extra: &mut BytesMut, at: DateTime<Utc>) {
    let Ok(seconds) = i32::try_from(at.timestamp()) else {
        return;
    };
    extra.put_u16_le(0x5455);
    extra.put_u16_le(5);
    extra.put_u8(1);
    extra.put_i32_le(seconds);
}

/// The zip64 field (4.5.3).
fn put_zip64(extra: &mut BytesMut, numbers: &[u64]) {
    extra.put_u16_le(1);
    extra.put_u16_le(short(numbers.len() * 8));
    for number in numbers {
        extra.put_u64_le(*number);
    }
}

/// Callers see to it that it fits: names are bounded, counts are compared first.
fn short(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

fn low(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
