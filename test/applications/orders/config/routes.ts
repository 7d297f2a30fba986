import { cable, draw } from 'regauge'

export default draw(({ mount, resources }) => {
  mount(cable, { at: '/cable' })
  resources('orders', { only: ['index', 'show', 'create'] })
})
