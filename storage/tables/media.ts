import { nullable, primary, type Tables } from '../columns.ts'

/** Photos and the like, each kept once, and where bodies have them. */
export const mediaTables: Tables = {
  media: ({ bytes, id, text }) => ({
    columns: {
      id,
      hash: text,
      bytes,
    },
    indexes: [['media_hash', 'hash', { unique: true }]],
  }),
  body_media: ({ int, text }) => ({
    columns: {
      body_id: primary(int),
      position: primary(int),
      media_id: int,
      text_bytes: int,
      first_width: int,
      next_width: int,
      fold: text,
    },
    indexes: [['body_media_media', 'media_id']],
    foreign: [
      ['body_media_body', 'body_id', 'bodies', 'CASCADE'],
      ['body_media_media', 'media_id', 'media', 'NO ACTION'],
    ],
    clustered: true,
  }),
  scaled_media: ({ bytes, int, text }) => ({
    columns: {
      hash: primary(text),
      size_class: primary(text),
      scaled_hash: nullable(text),
      bytes: nullable(bytes),
      media_type: nullable(text),
      width: int,
      height: int,
      original_width: int,
      original_height: int,
      made_at: int,
    },
    indexes: [['scaled_media_made', 'made_at']],
  }),
}
