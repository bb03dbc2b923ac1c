import type { Call } from '../call.ts'
import type { Reply } from '../reply.ts'
import { addFile } from './add-file.ts'
import { copyNode, moveNodeTo } from './copy-move.ts'
import { deleteFile } from './delete.ts'
import { getFile } from './get.ts'
import { makeFolderAt } from './make-folder.ts'
import { putFile } from './put.ts'

/** The methods that do something of their own on folders and files. */
export const fileMethods: Readonly<Record<string, (call: Call) => Promise<Reply>>> = {
  GET: getFile,
  HEAD: getFile,
  PUT: putFile,
  POST: addFile,
  DELETE: deleteFile,
  MKCOL: makeFolderAt,
  COPY: copyNode,
  MOVE: moveNodeTo,
}
