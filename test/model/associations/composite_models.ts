import { modelOf } from '../../../src/model/index.ts'

/** Orders have a key of two columns; what belongs to them has both. Notes say so in their class alone. */
export const shopSchema = `
model Order {
  shop_id     Int
  id          Int
  name        String   @default("")
  items_count Int      @default(0)
  updated_at  DateTime @default(now())
  items       Item[]
  receipt     Receipt?
  lines       Line[]
  @@id([shop_id, id])
}
model Item {
  id       Int    @id @default(autoincrement())
  shop_id  Int?
  order_id Int?
  name     String @default("")
  order    Order? @relation(fields: [shop_id, order_id], references: [shop_id, id], onDelete: NoAction, onUpdate: NoAction)
  marks    Mark[]
}
model Mark {
  id      Int    @id @default(autoincrement())
  item_id Int
  name    String @default("")
  item    Item   @relation(fields: [item_id], references: [id])
}
model Receipt {
  id       Int   @id @default(autoincrement())
  shop_id  Int?
  order_id Int?
  total    Int   @default(0)
  order    Order? @relation(fields: [shop_id, order_id], references: [shop_id, id], onDelete: NoAction, onUpdate: NoAction)
  @@unique([shop_id, order_id])
}
model Line {
  shop_id    Int
  order_id   Int
  number     Int
  product_id Int?
  order      Order    @relation(fields: [shop_id, order_id], references: [shop_id, id])
  product    Product? @relation(fields: [product_id], references: [id])
  @@id([shop_id, order_id, number])
}
model Product {
  id    Int    @id @default(autoincrement())
  name  String @default("")
  lines Line[]
}
model Note {
  id    Int     @id @default(autoincrement())
  shop  Int
  which Int?
  text  String  @default("")
}
`

/** What the tests use of a collection. */
interface Many<T> extends PromiseLike<T[]>, Iterable<T> {
  readonly length: number
  build(attributes?: object): T
  create(attributes?: object): Promise<T>
  push(...records: T[]): Promise<unknown>
  delete(...records: unknown[]): Promise<T[]>
  destroy(...records: unknown[]): Promise<T[]>
  replace(records: readonly T[]): Promise<unknown>
  replaceIds(ids: readonly unknown[]): Promise<unknown>
  ids(): Promise<unknown[]>
  size(): Promise<number>
  count(): Promise<number>
  exists(): Promise<boolean>
  include(record: T): Promise<boolean>
  deleteAll(dependent?: string): Promise<number>
  where(conditions: object): Many<T>
  order(column: string): Many<T>
  pluck(column: string): Promise<unknown[]>
}

const Model = modelOf<{}>()

export class Order extends Model('Order') {
  declare readonly name: string
  declare readonly items_count: number
  declare readonly items: Many<Item>
  declare readonly lines: Many<Line>
  declare readonly products: Many<Product>
  declare readonly marks: Many<Mark>
  declare readonly notes: Many<Note>
  declare buildReceipt: (attributes?: object) => Receipt
  declare createReceipt: (attributes?: object) => Promise<Receipt>
  static {
    this.hasMany('items', { dependent: 'destroy' })
    this.hasOne('receipt')
    this.hasMany('lines', { dependent: 'deleteAll' })
    this.hasMany('products', { through: 'lines' })
    this.hasMany('marks', { through: 'items' })
    this.hasMany('notes', { queryConstraints: ['shop', 'which'] })
    this.acceptsNestedAttributesFor('items', 'lines', { allowDestroy: true })
  }
}

export class Item extends Model('Item') {
  declare name: string
  declare shop_id: number | null
  declare order_id: number | null
  declare buildOrder: (attributes?: object) => Order
  declare createOrder: (attributes?: object) => Promise<Order>
  declare orderChanged: () => boolean
  declare orderPreviouslyChanged: () => boolean
  declare reloadOrder: () => Promise<Order | null>
  static {
    this.belongsTo('order', { counterCache: true, touch: true })
    this.hasMany('marks', { dependent: 'destroy' })
    this.validates('name', { uniqueness: { scope: 'order' } })
  }
}

export class Mark extends Model('Mark') {
  declare readonly name: string
}

export class Receipt extends Model('Receipt') {
  declare total: number
  declare shop_id: number | null
  declare order_id: number | null
}

export class Line extends Model('Line') {
  declare readonly number: number
}

export class Product extends Model('Product') {
  declare readonly name: string
  declare readonly lines: Many<Line>
  declare readonly orders: Many<Order>
  static {
    this.hasMany('lines')
    this.hasMany('orders', { through: 'lines' })
  }
}

export class Note extends Model('Note') {
  declare readonly text: string
  declare shop: number
  declare which: number | null
  static {
    this.belongsTo('order', { foreignKey: ['shop', 'which'], optional: true })
  }
}

export const shopModels = [Order, Item, Mark, Receipt, Line, Product, Note]
