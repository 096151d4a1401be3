//! What of a picture counts: of a later signature's the ink, of a scan what is not blank paper.
//!
//! Who signs a scan by hand puts a picture on an empty place of another picture, so neither may count as a whole: but only
//! what can be read is left out, and only from what every program reads alike ([`pdf::content::Picture`]).

use std::ops::Range;

use pdf::content::{Ink, Mark, Paint, Picture, Pixels};
use pdf::{Document, ReadError, Rect};

use super::blot::Raster;

/// A pixel whose every channel is lighter is as pale as paper.
const PALE: u8 = 153;
/// Paper is that light.
const PAPER: u8 = 150;
/// How far a place of a scan may be off its paper, and a single grain in it: less cannot be read.
const OFF_PAPER: u8 = 14;
const GRAIN: u8 = 56;

/// Columns and rows of a picture.
type Patch = (Range<usize>, Range<usize>);

/// A mark, and what of it is known pixel by pixel.
pub(super) struct Layer<'m> {
    pub(super) mark: &'m Mark,
    seen: Option<Seen<'m>>,
}

enum Seen<'m> {
    Ink(&'m Picture, Ink),
    Paper(&'m Picture, Pixels),
}

impl<'m> Layer<'m> {
    /// Marks as they are.
    pub(super) fn plainly(marks: &[&'m Mark]) -> Vec<Self> {
        marks.iter().map(|mark| Self::plain(mark)).collect()
    }

    fn plain(mark: &'m Mark) -> Self {
        Self { mark, seen: None }
    }

    /// A mark of a new look: what of a picture is transparent paints nothing.
    pub(super) fn ink(document: &Document, mark: &'m Mark) -> Result<Self, ReadError> {
        let Paint::Image(Some(picture)) = &mark.paint else { return Ok(Self::plain(mark)) };
        let seen = picture.ink(document)?.map(|ink| Seen::Ink(picture, ink));
        Ok(Self { mark, seen })
    }

    /// A mark of what was signed: what of a picture is blank says nothing.
    pub(super) fn paper(document: &Document, mark: &'m Mark) -> Result<Self, ReadError> {
        let Paint::Image(Some(picture)) = &mark.paint else { return Ok(Self::plain(mark)) };
        let seen = picture.pixels(document)?.map(|pixels| Seen::Paper(picture, pixels));
        Ok(Self { mark, seen })
    }

    /// Marks the cells that the ink of a picture meets, 2 where it is pale; `false` where none is known.
    pub(super) fn inks(&self, raster: &mut Raster) -> bool {
        let Some(Seen::Ink(picture, ink)) = &self.seen else { return false };
        let size = ink.opacity.size();
        let value = |(columns, rows): Patch| {
            // However little it is: what is painted often enough covers.
            let mut value = 0;
            for (column, row) in cross(columns, rows) {
                if ink.opacity.at(column, row).first().is_some_and(|opacity| *opacity > 0) {
                    value = value.max(if self.is_pale(ink, (column, row)) { 2 } else { 1 });
                }
            }
            value
        };
        let cells = raster.cells_of(picture, self.mark.reach, size);
        for (row, column, pixels) in cells {
            let value = value(pixels);
            if value > 0
                && let Some(cell) = raster.cells.get_mut(row).and_then(|row| row.get_mut(column))
            {
                *cell = value;
            }
        }
        true
    }

    fn is_pale(&self, ink: &Ink, (column, row): (usize, usize)) -> bool {
        let Some(colours) = &ink.colours else {
            // A stencil is filled with the colour in force.
            return self.mark.colour.is_none_or(|colour| colour.iter().all(|part| *part > 0.6));
        };
        let ((width, height), (wide, high)) = (ink.opacity.size(), colours.size());
        let same = |at: usize, of: usize, all: usize| at.saturating_mul(all) / of.max(1);
        colours.at(same(column, width, wide), same(row, height, high)).iter().all(|part| *part > PALE)
    }

    /// Marks the cells in which a picture differs from the paper of the place, and those beside them; `false` where its
    /// pixels are not known or it is dark.
    pub(super) fn writes_on(&self, raster: &mut Raster) -> bool {
        let Some(Seen::Paper(picture, pixels)) = &self.seen else { return false };
        let cells = raster.cells_of(picture, self.mark.reach, pixels.size());
        let all: Vec<[Tone; 3]> = cells.iter().map(|(.., place)| tones(pixels, place)).collect();
        let channel = |pick: fn(&[Tone; 3]) -> u8| median(all.iter().map(pick).collect());
        let paper = [
            channel(|[red, ..]| red.mean),
            channel(|[_, green, _]| green.mean),
            channel(|[.., blue]| blue.mean),
        ];
        if paper.iter().any(|part| *part < PAPER) {
            return false;
        }
        for ((row, column, _), tones) in cells.iter().zip(all) {
            if is_blank(tones, paper) {
                continue;
            }
            let around = |at: usize| at.saturating_sub(1)..at.saturating_add(2);
            for (column, row) in cross(around(*column), around(*row)) {
                if let Some(cell) = raster.cells.get_mut(row).and_then(|row| row.get_mut(column)) {
                    *cell = 1;
                }
            }
        }
        true
    }
}

impl Raster {
    /// The cells that a picture meets within a clip, each with the columns and rows of its pixels.
    fn cells_of(
        &mut self,
        picture: &Picture,
        clip: Rect,
        size: (usize, usize),
    ) -> Vec<(usize, usize, Patch)> {
        let half = self.cell / 2.0;
        let within = |middles: &[f64], from: f64, to: f64| {
            middles.partition_point(|at| *at + half < from)..middles.partition_point(|at| *at - half <= to)
        };
        let (columns, rows) = (within(&self.xs, clip.x0, clip.x1), within(&self.ys, clip.y0, clip.y1));
        let mut cells = Vec::new();
        for (column, row) in cross(columns, rows) {
            let (Some(x), Some(y)) = (self.xs.get(column), self.ys.get(row)) else { continue };
            let pixels = picture.under(Rect::new(x - half, y - half, x + half, y + half), size);
            self.work = self.work.saturating_add(pixels.0.len().saturating_mul(pixels.1.len()));
            cells.push((row, column, pixels));
        }
        // The work itself is done by the caller: too much of it is refused, and then no pixel is looked at.
        if self.work > super::blot::MOST_WORK {
            cells.clear();
        }
        cells
    }
}

fn cross(columns: Range<usize>, rows: Range<usize>) -> impl Iterator<Item = (usize, usize)> {
    rows.flat_map(move |row| columns.clone().map(move |column| (column, row)))
}

/// The pixels of a cell: the mean of each channel, its least and its most.
#[derive(Clone, Copy, Default)]
struct Tone {
    mean: u8,
    least: u8,
    most: u8,
}

/// The tones of a cell, of red, green and blue.
fn tones(pixels: &Pixels, (columns, rows): &Patch) -> [Tone; 3] {
    let mut sums = [(0_u64, u8::MAX, 0_u8); 3];
    let mut count = 0_u64;
    for (column, row) in cross(columns.clone(), rows.clone()) {
        let pixel = match pixels.at(column, row) {
            [red, green, blue] => [*red, *green, *blue],
            [grey] => [*grey; 3],
            _ => continue,
        };
        count += 1;
        for ((sum, least, most), part) in sums.iter_mut().zip(pixel) {
            *sum += u64::from(part);
            *least = (*least).min(part);
            *most = (*most).max(part);
        }
    }
    let mean = |sum: u64| u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX);
    sums.map(|(sum, least, most)| Tone { mean: mean(sum), least, most })
}

fn is_blank(tones: [Tone; 3], paper: [u8; 3]) -> bool {
    tones.into_iter().zip(paper).all(|(tone, paper)| {
        tone.mean.abs_diff(paper) <= OFF_PAPER
            && tone.least >= paper.saturating_sub(GRAIN)
            && tone.most <= paper.saturating_add(GRAIN)
    })
}

fn median(mut values: Vec<u8>) -> u8 {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or(0)
}
