import { draw } from 'regauge'

export default draw(({ get, post }) => {
  get('greetings/:name', { to: 'greetings#show' })
  post('greetings', { to: 'greetings#create' })
})
